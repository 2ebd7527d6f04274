import { CLIENT_LIMITS_MS } from '@bianmin/purchase/api/client-limits';

/**
 * How long anything may take, ms: each waits longer than what it waits for, so that the answer "not in time" comes from
 * the part that knows most, and before its caller gives up. Why each is as it is: docs/deadlines.md.
 */
export const LIMITS = {
  client: CLIENT_LIMITS_MS,
  /** What a proxy before us waits at the least: build/ship/deploy. */
  proxy: 18_000,
  /** From a request's arrival to its answer, or to where its file or stream begins; a body's way here is not counted. */
  request: 15_000,
  /** One question to the database, by what it is asked for. */
  database: {
    /** A request of a terminal, a phone, a channel; a login. */
    request: 5_000,
    /** A request of staff, who search and count. */
    staff: 12_000,
    /** A step of an order in the worker. */
    step: 10_000,
    /** Rounds, exports, archive, rollups; each batch of a walk counts anew. */
    background: 600_000,
    /** What a command beside the processes does: migrations, backups, index builds. */
    command: 6 * 3_600_000,
  },
  /** Between the driver and the database. */
  line: {
    /** Until a connection stands, and until a sign of life is answered. */
    connect: 4_000,
    /** Between two signs of life. */
    heartbeat: 2_000,
    /** Until a server is found that can do it. */
    select: 4_500,
    /** Until one of the connections is free. */
    queue: 4_500,
    /** After a question's end, until the connection that did not answer it is closed. */
    letGo: 10_000,
  },
  /** One question to Redis, its connection included. */
  redis: 1_500,
  /** A worker's line to its queue without a word; it waits there ten seconds for a job, at the longest. */
  queue: 12_000,
  /** A worker's hold on a job, renewed twice in that time: over before it leaves a line that says nothing. */
  job: 10_000,
  /** To database and Redis, when a proxy asks whether we can serve. */
  ready: 2_000,
  /** One call to a payment channel, or to the grid where nothing else is configured (`GRID_TIMEOUT_MS`). */
  channel: 10_000,
  /** Of a request's time, kept for what follows a call to grid or channel. */
  afterCall: 1_000,
  /** After so long a worker begins no further step of an order; what is begun ends by its own limits. */
  step: 15_000,
} as const;

/** How long an order may wait for its first payment at most (`PAYMENT_TTL_MS`), ms: by then a discount's hold counts as left behind. */
export const LONGEST_PAYMENT_TTL_MS = 30 * 60_000;

/** So far apart may the clocks of two processes be, ms. */
export const CLOCKS_APART_MS = 15 * 60_000;

/**
 * An order that is not there so long after something was held for it never was, or can never be paid: its first payment is begun within
 * its time, which begins before the hold, by a clock that may be as far behind as this one is ahead. Ms.
 */
export const NEVER_MADE_MS = LONGEST_PAYMENT_TTL_MS + 2 * CLOCKS_APART_MS;

/** Who stood still for so long after a hold may be taken for dead before the order is stored, ms: they make none. */
export const STOOD_TOO_LONG_MS = NEVER_MADE_MS / 3;
