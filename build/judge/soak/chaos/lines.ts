import axios, { type AxiosInstance } from 'axios';
import { freePort } from '@bianmin/card/node/free-port';
import { goTool, TOXIPROXY } from '../../../kit/process/go-tool.ts';
import { Program } from '../../../kit/process/program.ts';

/** What can be done to everything that passes one way or both, by Toxiproxy's names for it. */
export type Toxic =
  /** ms, give or take. */
  | {
      readonly type: 'latency';
      readonly attributes: { readonly latency: number; readonly jitter: number };
    }
  /** KB/s. */
  | { readonly type: 'bandwidth'; readonly attributes: { readonly rate: number } }
  /** Nothing passes, and neither end is told; ms until the connection closes, 0 for never. */
  | { readonly type: 'timeout'; readonly attributes: { readonly timeout: number } }
  /** Connections are reset after so many ms: what was asked may have been heard. */
  | { readonly type: 'reset_peer'; readonly attributes: { readonly timeout: number } }
  /** Each piece cut into small ones, bytes, with microseconds between. */
  | {
      readonly type: 'slicer';
      readonly attributes: {
        readonly average_size: number;
        readonly size_variation: number;
        readonly delay: number;
      };
    };

/** The lines between the parts of a stack, each through a Toxiproxy that can cut and spoil it. */
export class Lines {
  readonly #program: Program;
  readonly #api: AxiosInstance;

  private constructor(program: Program, port: number) {
    this.#program = program;
    this.#api = axios.create({ baseURL: `http://127.0.0.1:${port}`, timeout: 10_000 });
  }

  /** Throws where Toxiproxy cannot be had. `seed` for what it draws itself. */
  static async open(init: { seed: number; report: (line: string) => void }): Promise<Lines> {
    const tool = await goTool(TOXIPROXY, init.report);
    if ('absent' in tool) throw new Error(`There are no lines to cut: ${tool.absent}.`);
    const port = await freePort();
    const { program } = await Program.start({
      name: 'toxiproxy',
      command: tool.command,
      args: ['-host', '127.0.0.1', '-port', String(port), '-seed', String(init.seed)],
      ready: /Starting Toxiproxy HTTP server|Starting HTTP server/i,
    });
    return new Lines(program, port);
  }

  /** A line to `to` (`host:port`); gives the port of its near end, which stays when its far end moves. */
  async add(name: string, to: string): Promise<number> {
    const port = await freePort();
    await this.#api.post('/proxies', { name, upstream: to, listen: `127.0.0.1:${port}`, enabled: true });
    return port;
  }

  /** The part at its far end came back elsewhere. */
  async move(name: string, to: string): Promise<void> {
    await this.#api.post(`/proxies/${name}`, { upstream: to });
  }

  /** Refuses and ends every connection until it is joined again. */
  async cut(name: string, enabled = false): Promise<void> {
    await this.#api.post(`/proxies/${name}`, { enabled });
  }

  async join(name: string): Promise<void> {
    await this.cut(name, true);
  }

  /** On the way there and on the way back. */
  async spoil(name: string, { type, attributes }: Toxic): Promise<void> {
    for (const stream of ['upstream', 'downstream'])
      await this.#api.post(`/proxies/${name}/toxics`, { name: stream, type, stream, attributes });
  }

  async mend(name: string): Promise<void> {
    for (const stream of ['upstream', 'downstream'])
      await this.#api.delete(`/proxies/${name}/toxics/${stream}`);
  }

  /** None of them passes anything on, and each end takes the other for slow. Gives what lets them go on. */
  standStill(): () => void {
    return this.#program.standStill();
  }

  close(): Promise<void> {
    return this.#program.stop();
  }
}
