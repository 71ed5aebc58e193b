-- Overall status and overall progress by the rules of the API, version 7, for PostgreSQL.
-- Written from the rules alone, so that test_postgres.py can hold the package against it.

create type link as (__id bigint, commit text);

create type variable as (name text, value text);

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
  image_install jsonb, -- as text, since a key that is absent is no null
  current_services jsonb, -- lists of installs by service
  current_services_by_app jsonb, -- services by fleet
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

-- A link is set if it has an id or a commit.
create function if_set(release link) returns link
language sql immutable
as $$
  select row((release).__id, nullif((release).commit, ''))::link
  where (release).__id is not null or (release).commit <> ''
$$;

create view target_release as
select
  id,
  coalesce(
    if_set(is_pinned_on__release),
    if_set(should_be_running__release),
    if_set((belongs_to__application).should_be_running__release)
  ) as release
from device;

create function is_same_release(one link, other link) returns boolean
language sql immutable
as $$
  select case
    when (one).__id is not null and (other).__id is not null
      then (one).__id = (other).__id
    else (one).commit = (other).commit
  end
$$;

create view image_install as
select
  device.id,
  install ->> 'status' as status,
  (install ->> 'download_progress')::integer as download_progress,
  install ? 'is_provided_by__release' as has_link,
  if_set(case
    when install ? 'is_provided_by__release'
      then jsonb_populate_record(
        null::link, nullif(install -> 'is_provided_by__release', 'null')
      )
    else row((install ->> 'release_id')::bigint, install ->> 'commit')::link
  end) as release
from device,
  jsonb_array_elements(coalesce(
    image_install,
    jsonb_path_query_array(current_services, '$.*[*]'),
    jsonb_path_query_array(current_services_by_app, '$.*.*[*]')
  )) as install;

-- Null where nobody knows whether the install belongs to the target. A link that is there and
-- leads nowhere belongs to no release.
create view counted_install as
select
  image_install.id,
  status,
  download_progress,
  case
    when status = 'Downloading'
      then true
    when status = 'deleted' or num_nulls(target_release.release) = 1
      then false
    when has_link and num_nulls(image_install.release) = 1
      then false
    else is_same_release(image_install.release, target_release.release)
  end as counts
from image_install
join target_release using (id);

-- No row for a device without installs.
create view install_progress as
select
  id,
  bool_or(status = 'Downloading' and download_progress is not null) as is_downloading,
  case
    when bool_and(counts is not null)
      then round(avg(coalesce(download_progress, 100)) filter (where counts))
  end as mean -- numeric: round() takes halves away from zero
from counted_install
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
