import type { Asked } from './page.ts';

export const VISIT = { id: 'v'.repeat(22), key: 'k'.repeat(22), token: 't'.repeat(22) };

/** The server's side of one visit, and an app that joins when the test says so. */
export class FakeServer {
  isAway = false;
  isOver = false;
  state: 'waiting' | 'open' | 'ended' = 'waiting';
  revision = 0;
  view: object | null = null;
  readonly commands: unknown[] = [];

  show(view: object): void {
    this.state = 'open';
    this.revision += 1;
    this.view = view;
  }

  readonly answer = ({ method, address, body }: Asked): readonly [number, unknown?] => {
    if (this.isAway) return [0];
    if (method === 'POST' && address.endsWith('/sessions')) return [200, VISIT];
    if (this.isOver) return [404];
    if (address.endsWith('/commands')) {
      this.commands.push(body);
      return [204];
    }
    const after = /after=(\d+)/.exec(address)?.[1];
    const view = after === String(this.revision) ? null : this.view;
    return [200, { state: this.state, revision: this.revision, view, expiresAt: '' }];
  };
}
