import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ENTRIES } from '@bianmin/purchase/api/scalars';
import { VOICE_LEVELS } from '../ipc/voice-level.ts';
import { HostError } from './error.ts';
import { PRINTER_MODEL_NAMES } from './printer/models.ts';

const readerId = z.string().regex(/^[\w-]{1,64}$/);

/** Everything the host reads from its environment; docs/kiosk.md says the same in words. */
const environment = z.object({
  /** Origin of the server, and the path before `/v1` if there is one. */
  BIANMIN_SERVER_URL: z.url({ protocol: /^https?$/ }),
  /** Where identity, journal and the screen's address are kept. */
  BIANMIN_DATA_DIR: z.string().min(1),
  /** The grid sandbox: brings its simulated reader where no real one is plugged in, and the drawer of cards. */
  BIANMIN_SANDBOX_URL: z.url({ protocol: /^https?$/ }).optional(),
  BIANMIN_READER_ID: readerId.default('kiosk-1'),
  /** The wallet sandbox: brings the link to its phone. */
  BIANMIN_WALLET_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where the receipt printer is: on the USB bus, or `tcp://host:port`. */
  BIANMIN_PRINTER: z
    .union([z.enum(['none', 'usb']), z.string().regex(/^tcp:\/\/[\w.-]+:\d{1,5}$/)])
    .default('none'),
  /** Its paper's width and what it can do. */
  BIANMIN_PRINTER_MODEL: z.enum(PRINTER_MODEL_NAMES).default('generic-58'),
  /** File of the roots of releases and card layouts; a packaged kiosk has its own. Absent: no release is taken. */
  BIANMIN_RELEASE_ROOT: z.string().min(1).optional(),
  /** Of a kiosk that was set up when one key signed: public half of that key, which must have signed the first root, too. */
  BIANMIN_RELEASE_KEY: z.base64().min(1).optional(),
  /** One-time, from an administrator; accepts this terminal at once. */
  BIANMIN_ENROL_CODE: z.string().min(1).max(32).optional(),
  /** What the console calls this terminal. */
  BIANMIN_TERMINAL_NAME: z.string().min(1).max(64).default('kiosk'),
  /** The built renderer; the default is where `vite build` leaves it. */
  BIANMIN_RENDERER_DIR: z
    .string()
    .min(1)
    .default(join(import.meta.dirname, '../../dist/renderer')),
  /** Loopback: the screen's shell is for this machine only. */
  HOST: z.enum(['127.0.0.1', '::1']).default('127.0.0.1'),
  /** 0: any free port. */
  PORT: z.coerce.number().int().min(0).max(65535).default(0),
  /** A clock that is further from the server's than this is wrong, s. */
  CLOCK_TOLERANCE_S: z.coerce.number().int().min(5).max(3600).default(60),
  /** The terminal is idle for so long before a command from afar takes the screen away, s. */
  COMMAND_QUIET_S: z.coerce.number().int().min(0).max(3600).default(60),
  ENTRY: z.enum(ENTRIES).default('kiosk'),
  VOICE: z.enum(VOICE_LEVELS).default('normal'),
  HELP_PHONE: z.string().max(32).default('95598'),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
});
export type HostEnvironment = z.output<typeof environment>;

/** Reads the environment; the error names each variable at fault and never its value. */
export function loadHostEnvironment(env: Readonly<Record<string, string | undefined>>): HostEnvironment {
  // An empty variable is one that is not set.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.safeParse(set);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`);
  throw new HostError({
    code: 'host.bad-environment',
    message: `The environment is not usable. ${faults.join('; ')}`,
  });
}

/** The root that a package was born with, where `build/ship/package/stage.ts` puts it in its `dist`. */
export function packagedRoot(dist: string): Pick<HostEnvironment, 'BIANMIN_RELEASE_ROOT'> {
  const path = join(dist, 'release-root.jsonl');
  return existsSync(path) ? { BIANMIN_RELEASE_ROOT: path } : {};
}
