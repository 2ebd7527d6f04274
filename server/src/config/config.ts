import { z } from 'zod';
import { LIMITS, LONGEST_PAYMENT_TTL_MS } from '../kernel/limits.ts';
import { fundFlows } from '@bianmin/purchase/api/money';
import { channel } from '@bianmin/purchase/api/scalars';
import { GRID_PROFILES } from '../gateways/grid/profiles.ts';
import type { KeyRing } from '../kernel/key-ring.ts';
import { dataKeysOf, faultOfDataKeys } from './data-keys.ts';
import { keyVersions, SECRET } from './key-versions.ts';
import { faultOfTokenSecrets, tokenSecretsOf } from './token-secrets.ts';
import { WALLET_SETTINGS } from '../gateways/payment/wallets.ts';
import { redisAddress, type RedisAddress } from '../adapters/redis/address.ts';
import { requireGuarded, STORE_SETTINGS } from './stores.ts';

const channelRule = z.object({
  weight: z.number().min(0).default(1),
  minFen: z.int().min(1).default(1),
  maxFen: z.int().min(1).default(Number.MAX_SAFE_INTEGER),
});

/** Everything the server reads from its environment, checked once at start. */
export const configSchema = z.object({
  ...STORE_SETTINGS,
  /**
   * A database of another version: `check`, it is refused until `npm run migrate` was run; `run`, whichever process starts first brings it
   * here, for one machine without an operator.
   */
  MIGRATIONS: z.enum(['check', 'run']).default('check'),
  HOST: z.string().default('127.0.0.1'),
  /** 0: any free port. */
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  /** Where web and worker serve `/metrics` and nothing else; absent: nowhere. 0: any free port. */
  METRICS_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  /** A private address: whoever reaches it reads every count. */
  METRICS_HOST: z.string().default('127.0.0.1'),
  /** How channels reach our notification endpoints; no trailing slash. */
  PUBLIC_URL: z.url(),
  /** Proxies in front of us whose X-Forwarded-For is believed; 0: the socket's address counts. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(8).default(0),
  /**
   * How long web goes on serving after SIGTERM, while `/readyz` says 503 and each answer closes its connection, ms. Behind a
   * proxy: longer than it keeps idle connections to us, so that it never sends on one that is just being closed.
   */
  DRAIN_MS: z.coerce.number().int().min(0).max(120_000).default(0),
  /** A collector's address for OTLP over HTTP, without `/v1/traces`. Absent: no spans are made or sent. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  /** What signs access tokens and seals tickets: as DATA_KEYS, whose change it follows. */
  TOKEN_SECRETS: keyVersions.optional(),
  /** Version 1 alone, where TOKEN_SECRETS is not set. */
  TOKEN_SECRET: z.string().regex(SECRET).optional(),
  /**
   * What seals personal data in the database and makes what is handed out (receipts, links): `1:KEY,2:KEY…`, each 32 bytes hex. The
   * newest that every process has seals, all open (docs/how-to/change-a-key.md).
   */
  DATA_KEYS: keyVersions.optional(),
  /** Version 1 alone, where DATA_KEYS is not set. Absent, too: TOKEN_SECRET is version 1. */
  DATA_KEY: z.string().regex(SECRET).optional(),
  /** A one-time code that accepts terminals at enrolment; sandbox only. */
  ENROL_CODE: z.string().min(8).optional(),
  /** Terminals that one person lets in on a day, accepted or by codes; for more a second person allows how many. */
  TERMINALS_ALONE_PER_DAY: z.coerce.number().int().min(0).default(20),
  /** EC P-256, PKCS#8, base64: signs the time for boxes, which are built with its public half. Absent: no time is signed. */
  TIME_SIGN_KEY: z.base64().min(1).optional(),
  /** EC P-256, PKCS#8, base64: signs commands to terminals, which keep its public half. Absent: they are sent none. */
  COMMAND_SIGN_KEY: z.base64().min(1).optional(),
  /** A folder that every web process sees, where releases of kiosk and box are kept. Absent: none are taken or offered. */
  RELEASE_DIR: z.string().min(1).optional(),
  /** Who signs releases and card layouts, as `npm run release -- root` made it: public halves alone. */
  RELEASE_ROOT_FILE: z.string().min(1).optional(),
  /** Public half of the one key that signed when one was enough (EC P-256, SubjectPublicKeyInfo, base64): for kiosks of then. */
  RELEASE_PUBLIC_KEY: z.base64().min(1).optional(),
  /** Whom backups are encrypted to (`age1…`, of `npm run backup -- key`). Where one is named, workers tell when there are none. */
  BACKUP_RECIPIENT: z
    .string()
    .regex(/^age1[0-9a-z]+$/)
    .optional(),
  /** Card layouts as two signers signed them, for terminals and for itself. Absent: the built-in ones. */
  CARD_LAYOUTS_FILE: z.string().min(1).optional(),
  /** What all terminals of one community together may download of releases, bytes a second; 0: as fast as it goes. */
  RELEASE_BYTES_PER_S: z.coerce.number().int().min(0).default(1_250_000),
  /** What kiosks are told to wait between two beats, ms; each wait is spread around it. */
  HEARTBEAT_MS: z.coerce.number().int().min(5_000).max(3_600_000).default(60_000),
  /** The same for home boxes, of which there are millions, and which are woken for each. */
  BOX_HEARTBEAT_MS: z.coerce.number().int().min(5_000).max(86_400_000).default(3_600_000),
  /** First administrator's password, taken only while there is no user at all. Absent: a set-up link is printed. */
  ADMIN_PASSWORD: z.string().min(10).optional(),
  /** A user without a second factor, authenticator or passkey, sets one up before anything else. `optional`: for sandboxes. */
  ADMIN_TOTP: z.enum(['optional', 'required']).default('required'),
  /** `https://host` by which the console is opened, where that is another than PUBLIC_URL: passkeys are good there alone. */
  ADMIN_ORIGIN: z.url().optional(),
  /** A login of the console ends when nobody used it for so long. */
  ADMIN_IDLE_MINUTES: z.coerce.number().int().min(2).max(480).default(30),

  /** Which adapter speaks to the grid; `GRID_URL` is `http(s)://…` with the first, `tcp://…` or `tls://…` with the other. */
  GRID_PROFILE: z.enum(GRID_PROFILES).default('collection-v1'),
  GRID_URL: z.url(),
  /** Our agent number at the grid. */
  GRID_AGENT: z.string().min(1),
  /** SM2 keys, hex: ours (32 bytes) and the grid's public one (65 bytes, 04…). */
  GRID_SIGN_KEY: z.string().regex(/^[0-9a-f]{64}$/),
  GRID_PUBLIC_KEY: z.string().regex(/^04[0-9a-f]{128}$/),
  /** The grid's next public key, while it changes keys: good beside the first. */
  GRID_NEXT_PUBLIC_KEY: z
    .string()
    .regex(/^04[0-9a-f]{128}$/)
    .optional(),
  /** PEM: a client certificate and its key, where the grid wants one; an authority in place of the system's. */
  GRID_TLS_CERT: z.string().min(1).optional(),
  GRID_TLS_KEY: z.string().min(1).optional(),
  GRID_TLS_CA: z.string().min(1).optional(),
  /** Whether the grid may drive cards at terminals; `collection-v1` alone has it. */
  GRID_CARD_TASKS: z.enum(['on', 'off']).default('off'),
  /** How long what the grid refused for want of our credit there waits for more before the money goes back. */
  GRID_CREDIT_PATIENCE_MS: z.coerce.number().int().min(60_000).default(7_200_000),
  /** Whether the grid is asked what is left of our deposit or credit there; one that sells without a bound answers none. */
  GRID_VENDOR_CREDIT: z.enum(['on', 'off']).default('off'),
  /** Whether the grid cancels a sale that is on its card, while its day is open and no meter wrote to the card. */
  GRID_CANCEL_WRITTEN: z.enum(['on', 'off']).default('off'),
  /** Whether the grid reads meters for us, from afar. */
  GRID_METER_READINGS: z.enum(['on', 'off']).default('off'),
  /** Whether an `agent-string` grid's table has accounts; `collection-v1` says of each customer by itself. */
  GRID_ACCOUNTS: z.enum(['on', 'off']).default('off'),
  /** After it an answer is unknown, never a failure; a string line wants 60,000. */
  GRID_TIMEOUT_MS: z.coerce.number().int().min(10).default(LIMITS.channel),
  /**
   * How long a request may still be travelling after its time-out: "not found" counts only after it, twice. A value that is too
   * short refunds what is sold a moment later.
   */
  GRID_HORIZON_MS: z.coerce.number().int().min(0).default(60_000),

  /** Of each wallet; one none of whose variables is set does not exist on this server, one that is half set stops it. */
  ...WALLET_SETTINGS,

  /** Where electronic invoices come from, without a trailing slash, and the key shared with it (32 bytes hex). */
  INVOICE_URL: z.url().optional(),
  INVOICE_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),

  /** What a screen shows: `channel`, a wallet's own code; `any`, one code for every wallet, which needs PUBLIC_URL to be reachable by phones. */
  PAYMENT_CODE: z.enum(['channel', 'any']).default('channel'),
  /** Per channel: `{"wechat":{"weight":2,"minFen":100,"maxFen":500000}}`; absent ones are offered without limits. */
  CHANNEL_RULES: z
    .string()
    .default('{}')
    .transform((text) => z.partialRecord(channel, channelRule).parse(JSON.parse(text))),
  /** What each channel keeps by contract, per mille: `{"wechat":6,"alipay":6}`. Only shown; bills say what was kept. */
  CHANNEL_FEES: z
    .string()
    .default('{}')
    .transform((text) => z.partialRecord(channel, z.number().min(0).max(1000)).parse(JSON.parse(text))),
  /** Through whose hands each channel's money goes, and how commissions are paid (`fundFlows` of the API). Only shown. */
  FUND_FLOWS: z
    .string()
    .optional()
    .transform((text) => (text === undefined ? undefined : fundFlows.parse(JSON.parse(text)))),

  /** Orders at rest go into the archive once nothing happened to them for so many months; 0: none does. */
  ARCHIVE_AFTER_MONTHS: z.coerce.number().int().min(0).max(1200).default(36),

  /** How long a code can be paid, ms. */
  PAYMENT_TTL_MS: z.coerce.number().int().min(1000).max(LONGEST_PAYMENT_TTL_MS).default(300_000),
  /** Money that comes after its order was closed: sold after all where the card was read again, or always given back. */
  LATE_PAYMENT: z.enum(['fulfil', 'refund']).default('fulfil'),
  /** Cash of a refund that waits at its counter for longer is a case. */
  CASH_CASE_AFTER_MS: z.coerce.number().int().min(60_000).default(3_600_000),
  /** Staff in a shift who did nothing at their terminal for so long type their PIN again. */
  COUNTER_PIN_AFTER_MS: z.coerce.number().int().min(30_000).max(3_600_000).default(300_000),
  /** And for a household's cash above so much, fen. */
  COUNTER_PIN_ABOVE_FEN: z.coerce.number().int().min(0).default(50_000),
  /** The most that a household may let staff buy for it: in one purchase, and in one month, fen. */
  CONSENT_PURCHASE_FEN: z.coerce.number().int().min(100).default(20_000),
  CONSENT_MONTH_FEN: z.coerce.number().int().min(100).default(40_000),
  /** A shift that is open for longer is a case. */
  SHIFT_CASE_AFTER_MS: z.coerce.number().int().min(60_000).default(72_000_000),
  /** Life of a released plan on one terminal. */
  LEASE_MS: z.coerce.number().int().min(1000).default(120_000),
  /** How long after a code's end its channel may not know yet of money of its last moment. */
  PAYMENT_BOOKS_LAG_MS: z.coerce.number().int().min(1000).default(60_000),
  /** How long a refund that was sent may be on its way: before that no person may say that it was paid elsewhere. */
  REFUND_UNDER_WAY_MS: z.coerce.number().int().min(1000).default(1_800_000),
  SWEEP_MS: z.coerce.number().int().min(50).default(5_000),
  /** First and longest wait between two questions about an unknown outcome. */
  ASK_MIN_MS: z.coerce.number().int().min(50).default(1_000),
  ASK_MAX_MS: z.coerce.number().int().min(50).default(600_000),
});
type Variables = z.output<typeof configSchema>;
/** One ring for all that is made of a configuration: which of its versions is used is found while it runs. */
export interface Config extends Omit<Variables, 'DATA_KEYS' | 'DATA_KEY' | 'TOKEN_SECRETS' | 'TOKEN_SECRET'> {
  readonly DATA_KEYS: KeyRing;
  readonly TOKEN_SECRETS: KeyRing;
}

/** With its keys, in whichever variables they are. */
export function withKeys({ DATA_KEYS, DATA_KEY, TOKEN_SECRETS, TOKEN_SECRET, ...rest }: Variables): Config {
  return {
    ...rest,
    DATA_KEYS: dataKeysOf({ DATA_KEYS, DATA_KEY, TOKEN_SECRET }),
    TOKEN_SECRETS: tokenSecretsOf({ TOKEN_SECRETS, TOKEN_SECRET }),
  };
}

/** The Redis of the queues, and of what must not be forgotten before its time. */
export function queueRedisOf(
  config: Pick<Config, 'REDIS_QUEUE_URL' | 'REDIS_URL' | 'STORES_CA_FILE'>,
): RedisAddress {
  return redisAddress(config.REDIS_QUEUE_URL ?? config.REDIS_URL, config);
}

/**
 * Reads the environment; the error names each variable at fault, says what to do where that is known, and never a value.
 * `store.unguarded`: see `requireGuarded`.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const result = configSchema.safeParse(env);
  const between = [faultOfTokenSecrets(env), faultOfDataKeys(env)].filter((fault) => fault !== undefined);
  if (result.success && between.length === 0) {
    requireGuarded(result.data);
    return withKeys(result.data);
  }
  const faults = (result.error?.issues ?? []).map(
    (issue) => `${issue.path.join('.')}: ${issue.code === 'custom' ? issue.message : issue.code}`,
  );
  throw new Error(`Configuration is not usable. ${[...faults, ...between].join('; ')}`);
}
