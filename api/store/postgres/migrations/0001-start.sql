-- The key is the address in lower case; the address is what mails go to.
create table users (
  id uuid primary key,
  address text not null,
  address_key text not null unique,
  locale text not null,
  state text not null check (state in ('pending', 'confirmed')),
  registered_at timestamptz not null,
  confirmed_at timestamptz,
  confirm_asked_at timestamptz not null,
  erase_asked_at timestamptz
);

create table mails (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  kind text not null check (kind in ('confirm', 'already-registered', 'erase', 'welcome')),
  asked_at timestamptz not null,
  next_try_at timestamptz not null,
  attempts int not null default 0,
  last_error text,
  unique (user_id, kind)
);
create index mails_due on mails (next_try_at);

create table tokens (
  hash bytea primary key check (octet_length(hash) = 32),
  user_id uuid not null references users (id) on delete cascade,
  purpose text not null check (purpose in ('confirm', 'erase')),
  expires_at timestamptz not null
);
create index tokens_of_user on tokens (user_id, purpose);
create index tokens_expiry on tokens (expires_at);

-- All that is left of a user who left.
create table erasures (
  user_id uuid primary key,
  erased_at timestamptz not null
);

create table outbox (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  routing_key text not null,
  envelope jsonb not null,
  created_at timestamptz not null,
  attempts int not null default 0,
  next_try_at timestamptz not null,
  last_error text,
  failed_at timestamptz,
  published_at timestamptz,
  outcome text check (outcome in ('routed', 'unroutable'))
);
create index outbox_pending on outbox (seq) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;
create index outbox_unroutable on outbox (published_at) where outcome = 'unroutable';

-- What a consumer has seen, so that a message that is delivered twice counts once.
create table consumed (
  consumer text not null,
  message_id uuid not null,
  consumed_at timestamptz not null,
  primary key (consumer, message_id)
);
create index consumed_age on consumed (consumed_at);
