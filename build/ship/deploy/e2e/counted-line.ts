import { Agent } from 'node:http';
import axios, { AxiosError, type AxiosAdapter } from 'axios';
import { connectWith, type TerminalLine } from '../../../judge/bench/terminal-line.ts';

/** What became of the requests of everybody on these lines. */
export class LineTally {
  requests = 0;
  /** Sent again on a fresh connection, since the kept one had been closed before it was read from. */
  repeated = 0;
  readonly failures: string[] = [];
}

/**
 * A terminal's line from a loopback address of its own, so that what nginx sees differs as it does in the field. Every answer
 * that a server in good order would not give is a failure. As Node advises (`request.reusedSocket`), a request on a kept
 * connection that the other end closed at the same moment is sent again: nginx 1.22 closes idle ones at a reload.
 */
export function countedLine(localAddress: string, tally: LineTally): TerminalLine & { close(): void } {
  const agent = new Agent({ keepAlive: true, localAddress });
  const fresh = new Agent({ localAddress });
  const send = axios.getAdapter('http');
  const adapter: AxiosAdapter = async (config) => {
    const what = `${String(config.method)} ${new URL(String(config.url)).pathname}`;
    tally.requests += 1;
    try {
      const response = await send({ ...config, httpAgent: agent }).catch((error: unknown) => {
        if (!closedBefore(error)) throw error;
        tally.repeated += 1;
        // The other kept ones may have gone with it.
        return send({ ...config, httpAgent: fresh });
      });
      if (response.status >= 500 || response.status === 429) {
        tally.failures.push(`${what}: ${response.status} ${String(response.data).slice(0, 200)}`);
      }
      return response;
    } catch (error) {
      tally.failures.push(
        `${what}: ${error instanceof AxiosError ? (error.code ?? '') : ''} ${String(error)}`,
      );
      throw error;
    }
  };
  return {
    adapter,
    // A stream keeps its connection to itself.
    connect: connectWith({ agent: fresh }),
    close: () => {
      agent.destroy();
    },
  };
}

function closedBefore(error: unknown): boolean {
  if (!(error instanceof AxiosError) || (error.code !== 'ECONNRESET' && error.code !== 'EPIPE')) return false;
  const { request } = error as {
    request?: { _currentRequest?: { reusedSocket?: boolean }; reusedSocket?: boolean };
  };
  return (request?._currentRequest ?? request)?.reusedSocket === true;
}
