import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { Socket } from 'node:net';
import process from 'node:process';

/** How long what is asked to end may take, once who started it is gone. */
const GRACE_S = 3;

/**
 * Hears of each group of processes as it begins (`+ 123`) and ends (`- 123`). Its input ends when we do, however that came,
 * `kill -9` included: then it ends what is left. A shell, since it has to be small and quick, and nothing else of ours runs.
 */
const KEEPER = `
groups=" "
while read -r sign group; do
  if [ "$sign" = + ]; then groups="$groups$group "
  else groups="\${groups%% $group *} \${groups#* $group }"
  fi
done
for group in $groups; do kill -TERM "-$group" 2>/dev/null; done
tries=0
while [ "$tries" -lt ${GRACE_S * 10} ]; do
  left=
  for group in $groups; do kill -0 "-$group" 2>/dev/null && left=yes; done
  [ -n "$left" ] || exit 0
  sleep 0.1
  tries=$((tries + 1))
done
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
exit 0
`;

/** What must not be left running where this process ends without ending it. */
const living = new Set<ChildProcess>();
let keeper: ChildProcess | undefined;

/**
 * `spawn` of a program that does not outlive us: not where we end, and not where we are killed. It leads a group of processes of
 * its own, so that Ctrl-C in the terminal reaches us alone, and what it starts itself ends with it.
 */
export function spawnKept(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  keeper ??= startKeeper();
  const child = spawn(command, args, { ...options, detached: true });
  const { pid } = child;
  if (pid === undefined) return child;
  living.add(child);
  tellKeeper('+', pid);
  child.once('exit', () => {
    living.delete(child);
    // Whom it left behind. Not later: by then the number may be another's.
    kill(-pid, 'SIGTERM');
    tellKeeper('-', pid);
  });
  return child;
}

/** The process that ends what we leave behind, from now on; undefined where there can be none. */
export function keeperPid(): number | undefined {
  keeper ??= startKeeper();
  return keeper.pid;
}

/** To a child of `spawnKept` and to all that it started. Nothing happens where it has ended. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  kill(-pid, signal);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended a moment ago, and we have not been told yet.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function startKeeper(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', KEEPER], {
    detached: true,
    cwd: '/',
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Where there is no shell (Windows), or it was killed, what is left is what `exit` below does.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  // A process that has nothing else to do ends.
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  process.once('exit', () => {
    for (const each of living) {
      signalGroup(each, 'SIGKILL');
      // Nothing is left to wait for.
      if (each.pid !== undefined) tellKeeper('-', each.pid);
    }
  });
  return child;
}

function tellKeeper(sign: '+' | '-', pid: number): void {
  keeper?.stdin?.write(`${sign} ${pid}\n`);
}
