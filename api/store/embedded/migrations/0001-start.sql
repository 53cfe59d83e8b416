-- Times are milliseconds since 1970, UUIDs text in lower case. The key is the address in lower case.
create table users (
  id text primary key,
  address text not null,
  address_key text not null unique,
  locale text not null,
  state text not null check (state in ('pending', 'confirmed')),
  registered_at integer not null,
  confirmed_at integer,
  confirm_asked_at integer not null,
  erase_asked_at integer
) strict;

create table mails (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  kind text not null check (kind in ('confirm', 'already-registered', 'erase', 'welcome')),
  asked_at integer not null,
  next_try_at integer not null,
  attempts integer not null default 0,
  last_error text,
  unique (user_id, kind)
) strict;
create index mails_due on mails (next_try_at);

create table tokens (
  hash blob primary key check (length(hash) = 32),
  user_id text not null references users (id) on delete cascade,
  purpose text not null check (purpose in ('confirm', 'erase')),
  expires_at integer not null
) strict;
create index tokens_of_user on tokens (user_id, purpose);
create index tokens_expiry on tokens (expires_at);

-- All that is left of a user who left.
create table erasures (
  user_id text primary key,
  erased_at integer not null
) strict;

create table outbox (
  seq integer primary key autoincrement,
  id text not null unique,
  routing_key text not null,
  envelope text not null check (json_valid(envelope)),
  created_at integer not null,
  attempts integer not null default 0,
  next_try_at integer not null,
  last_error text,
  failed_at integer,
  published_at integer,
  outcome text check (outcome in ('routed', 'unroutable'))
) strict;
create index outbox_pending on outbox (seq) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;
create index outbox_unroutable on outbox (published_at) where outcome = 'unroutable';

-- What a consumer has seen, so that a message that is delivered twice counts once.
create table consumed (
  consumer text not null,
  message_id text not null,
  consumed_at integer not null,
  primary key (consumer, message_id)
) strict;
create index consumed_age on consumed (consumed_at);
