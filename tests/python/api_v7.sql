-- Overall status and overall progress by the rules of the API, version 7, for PostgreSQL.
-- Written from the rules alone, so that test_postgres.py can hold the package against it.

create type link as (__id bigint);

create type variable as (name text, value text);

create type install as (status text, download_progress integer, is_provided_by__release link);

create type fleet as (
  should_be_running__release link,
  application_config_variable variable[]
);

-- The fields of a device that the rules read, named and nested as the API has them.
create table device (
  id bigint primary key,
  is_active boolean,
  is_connected_to_vpn boolean,
  is_online boolean,
  api_heartbeat_state text not null,
  last_connectivity_event timestamptz,
  provisioning_state text,
  provisioning_progress integer,
  status text,
  download_progress integer,
  image_install install[],
  current_services jsonb, -- lists of installs by service
  device_config_variable variable[],
  belongs_to__application fleet,
  is_pinned_on__release link,
  should_be_running__release link
);

create function value_of(wanted text, variables variable[]) returns text
language sql immutable
as $$ select value from unnest(variables) where name = wanted $$;

create function vpn_control(variables variable[]) returns text
language sql immutable
as $$
  select coalesce(
    value_of('BALENA_SUPERVISOR_VPN_CONTROL', variables),
    value_of('RESIN_SUPERVISOR_VPN_CONTROL', variables)
  )
$$;

create view cloudlink as
select
  id,
  coalesce(is_connected_to_vpn, is_online) as is_up,
  coalesce(
    vpn_control(device_config_variable),
    vpn_control((belongs_to__application).application_config_variable)
  ) is distinct from 'false' as is_expected
from device;

create view target_release as
select
  id,
  coalesce(
    (is_pinned_on__release).__id,
    ((belongs_to__application).should_be_running__release).__id,
    (should_be_running__release).__id
  ) as release
from device;

create view image_install as
select
  device.id,
  install.status,
  install.download_progress,
  (install.is_provided_by__release).__id as release
from device,
  unnest(coalesce(
    image_install,
    array(
      select of_service
      from jsonb_populate_recordset(
        null::install, jsonb_path_query_array(current_services, '$.*[*]')
      ) as of_service
    )
  )) as install;

-- No row for a device without installs.
create view install_progress as
select
  id,
  bool_or(status = 'Downloading' and download_progress is not null) as is_downloading,
  round(avg(coalesce(download_progress, 100)) filter (
    where status = 'Downloading'
      or (status is distinct from 'deleted' and image_install.release = target_release.release)
  )) as mean -- of type numeric, of which round() takes halves away from zero
from image_install
join target_release using (id)
group by id;

create view device_reason as
select
  device.*,
  install_progress.is_downloading as is_downloading_service,
  install_progress.mean as mean_progress,
  case -- the first rule that matches wins
    when not coalesce(is_active, true)
      then 'inactive'
    when provisioning_state = 'Post-Provisioning'
      then 'post-provisioning'
    when not cloudlink.is_up and last_connectivity_event is null and api_heartbeat_state = 'unknown'
      then 'never-connected'
    when not cloudlink.is_up and api_heartbeat_state in ('offline', 'unknown')
      then 'no-link'
    when api_heartbeat_state in ('online', 'timeout')
      and download_progress is not null and device.status = 'Downloading'
      then 'downloading-release'
    when provisioning_progress is not null
      then 'os-configuration'
    when api_heartbeat_state in ('online', 'timeout') and install_progress.is_downloading
      then 'downloading-service'
    when api_heartbeat_state = 'timeout'
      then 'heartbeat-late'
    when cloudlink.is_up and api_heartbeat_state in ('offline', 'unknown')
      then 'cloudlink-only'
    when not cloudlink.is_up and cloudlink.is_expected and api_heartbeat_state = 'online'
      then 'heartbeat-only'
    when not cloudlink.is_up and not cloudlink.is_expected and api_heartbeat_state = 'online'
      then 'cloudlink-disabled'
    when cloudlink.is_up and api_heartbeat_state = 'online'
      then 'both-links'
  end as reason
from device
join cloudlink using (id)
left join install_progress using (id);

create view status_of_reason (reason, overall_status) as
values
  ('inactive', 'inactive'),
  ('post-provisioning', 'post-provisioning'),
  ('never-connected', 'configuring'),
  ('no-link', 'disconnected'),
  ('downloading-release', 'updating'),
  ('os-configuration', 'configuring'),
  ('downloading-service', 'updating'),
  ('heartbeat-late', 'reduced-functionality'),
  ('cloudlink-only', 'reduced-functionality'),
  ('heartbeat-only', 'reduced-functionality'),
  ('cloudlink-disabled', 'operational'),
  ('both-links', 'operational');

create view answer as
select
  id,
  overall_status,
  reason,
  case
    when reason = 'inactive'
      then null
    when reason in ('post-provisioning', 'never-connected')
      then provisioning_progress
    when reason = 'no-link'
      then null
    when status = 'Downloading' and download_progress is not null
      then download_progress
    when provisioning_progress is not null
      then provisioning_progress
    when is_downloading_service
      then mean_progress::integer
  end as overall_progress
from device_reason
left join status_of_reason using (reason);
