-- Tables of openBalena's database that hold what the rules read, and some more, named as there.

create table application (
  id serial primary key,
  "created at" timestamptz not null default now(),
  slug varchar(255) not null unique,
  "app name" text not null,
  uuid text not null,
  "is archived" boolean not null default false,
  "should track latest release" boolean not null default true,
  "should be running-release" integer
);

create table release (
  id serial primary key,
  "created at" timestamptz not null default now(),
  "belongs to-application" integer not null references application,
  commit varchar(255) not null,
  composition jsonb not null default '{}',
  status varchar(255) not null default 'success',
  "is invalidated" boolean not null default false,
  "semver major" integer not null default 0,
  "semver minor" integer not null default 0,
  "semver patch" integer not null default 0,
  "semver prerelease" varchar(255) not null default '',
  "semver build" varchar(255) not null default '',
  variant varchar(255) not null default '',
  revision integer,
  note text
);

alter table application add foreign key ("should be running-release") references release;

create table device (
  id serial primary key,
  "created at" timestamptz not null default now(),
  "modified at" timestamptz not null default now(),
  actor integer not null default 1,
  "api heartbeat state" varchar(255) not null default 'unknown',
  "changed api heartbeat state on-date" timestamptz,
  uuid text not null unique,
  "local id" varchar(255),
  "device name" varchar(255) not null,
  note text,
  "is of-device type" integer not null default 1,
  "belongs to-application" integer references application,
  "is online" boolean not null default false,
  "last connectivity event" timestamptz,
  "is connected to vpn" boolean not null default false,
  "last vpn event" timestamptz,
  "is locked until-date" timestamptz,
  "ip address" text,
  "cpu temp" integer,
  "is undervolted" boolean not null default false,
  "is running-release" integer, -- no foreign key: the release may be gone
  "download progress" integer,
  status varchar(255),
  "os version" varchar(255),
  "os variant" varchar(255),
  "supervisor version" varchar(255),
  "provisioning progress" integer,
  "provisioning state" varchar(255),
  "api secret" varchar(255),
  "is pinned on-release" integer references release,
  "update status" varchar(255),
  "last update status event" timestamptz
);

create table "image install" (
  id serial primary key,
  device integer not null references device,
  "installs-image" integer not null,
  "install date" timestamptz not null default now(),
  "download progress" integer,
  status varchar(255) not null,
  "is provided by-release" integer not null references release,
  unique (device, "installs-image")
);

create table "device config variable" (
  id serial primary key,
  device integer not null references device,
  name varchar(255) not null,
  value text not null,
  unique (device, name)
);

create table "application config variable" (
  id serial primary key,
  application integer not null references application,
  name varchar(255) not null,
  value text not null,
  unique (application, name)
);

create table "device tag" (
  id serial primary key,
  device integer not null references device,
  "tag key" varchar(255) not null,
  value text not null,
  unique (device, "tag key")
);

-- What the query must not touch.
create table "service install" (
  id serial primary key,
  device integer not null references device,
  "installs-service" integer not null
);
