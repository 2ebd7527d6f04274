import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@bianmin/card/node/free-port';
import type { Program } from '../../kit/process/program.ts';
import { startBalancer } from './haproxy.ts';
import { configureProxy, startProxy, type ProxyInit } from './nginx.ts';

const LET_THROUGH_MS = 30_000;
const LOOK_MS = 50;

export interface EdgeInit extends Omit<ProxyInit, 'balancer'> {
  /** Ports of one or two web processes, on the loopback. */
  readonly webs: readonly number[];
}

/** nginx, and HAProxy behind it, by the shipped files. */
export interface Edge {
  readonly nginx: Program;
  readonly haproxy: Program;
  stop(): Promise<void>;
}

/** Starts both before web processes that are there already. */
export async function openEdge({ webs, ...init }: EdgeInit): Promise<Edge> {
  const balancer = await freePort();
  await configureProxy({ ...init, balancer });
  const { program: haproxy } = await startBalancer({ dir: init.dir, port: balancer, webs });
  try {
    const { program: nginx } = await startProxy({ dir: init.dir });
    return {
      nginx,
      haproxy,
      async stop() {
        await nginx.stop();
        await haproxy.stop();
      },
    };
  } catch (error) {
    await haproxy.stop();
    throw error;
  }
}

/**
 * Resolves once requests come through to web again, or after half a minute: HAProxy sends nothing to a process that just
 * began until it answered twice, unless there is no other. `webUrl`: of what stands before it.
 */
export async function untilLetThrough(webUrl: string): Promise<void> {
  const until = performance.now() + LET_THROUGH_MS;
  while ((await fetch(`${webUrl}/v1/nowhere`)).status === 503 && performance.now() < until)
    await sleep(LOOK_MS);
}
