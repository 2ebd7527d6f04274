import { spawn } from 'node:child_process';

/** Who starts the kiosk again when it ends, and ends it when it says nothing for too long. */
export interface Supervisor {
  ready(): void;
  alive(): void;
}

/** Starts a program and forgets it. */
export type Start = (program: string, args: readonly string[]) => void;

/**
 * Tells systemd by its own tool: Node has no datagram sockets of the local kind. Without `NOTIFY_SOCKET`
 * no supervisor listens, and nothing is started. `systemd-notify` waits until it has been heard, so that its process
 * is not gone by then.
 */
export function systemdSupervisor(
  env: Readonly<Record<string, string | undefined>>,
  start: Start = startAndForget,
): Supervisor {
  const tell = (word: string): void => {
    if (env['NOTIFY_SOCKET']) start('systemd-notify', [word]);
  };
  return {
    ready: () => {
      tell('READY=1');
    },
    alive: () => {
      tell('WATCHDOG=1');
    },
  };
}

function startAndForget(program: string, args: readonly string[]): void {
  // Where the tool is missing, systemd ends the service in time: that is noticed.
  spawn(program, args, { stdio: 'ignore' }).on('error', () => undefined);
}
