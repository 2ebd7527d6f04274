import type { ClockStatus, HostStatus, Notice, PrinterStatus, SandboxStatus } from '../ipc/map.ts';
import type { TerminalStatus } from '@bianmin/purchase/api/terminal';
import type { LinkState } from '@bianmin/purchase/terminal/link-state';

/** What tells of itself when it is asked; null where there is none. */
interface StatusParts {
  readonly sandbox: () => SandboxStatus | null;
  readonly printer: () => PrinterStatus | null;
}

/** What every screen is told besides the purchase; tells of changes, and of nothing that is none. */
export class StatusBoard {
  readonly #onChange: (status: HostStatus) => void;
  #facts: Omit<HostStatus, 'sandbox' | 'printer'>;
  #parts: StatusParts = { sandbox: () => null, printer: () => null };
  #told: string;

  constructor(init: {
    readonly facts: Omit<HostStatus, 'sandbox' | 'printer'>;
    readonly onChange: (status: HostStatus) => void;
  }) {
    this.#facts = init.facts;
    this.#onChange = init.onChange;
    this.#told = JSON.stringify(this.status);
  }

  get status(): HostStatus {
    return { ...this.#facts, printer: this.#parts.printer(), sandbox: this.#parts.sandbox() };
  }

  /** From now on these tell of themselves. */
  attach(parts: StatusParts): void {
    this.#parts = parts;
    this.look();
  }

  setTerminal(terminalId: string | null): void {
    this.#facts = { ...this.#facts, terminalId };
    this.look();
  }

  setLink(server: LinkState): void {
    this.#facts = { ...this.#facts, server };
    this.look();
  }

  setClock(clock: ClockStatus): void {
    this.#facts = { ...this.#facts, clock };
    this.look();
  }

  setNotice(notice: Notice | null): void {
    this.#facts = { ...this.#facts, notice };
    this.look();
  }

  setStanding(standing: TerminalStatus): void {
    this.#facts = { ...this.#facts, standing };
    this.look();
  }

  setBlocked(blocked: boolean): void {
    this.#facts = { ...this.#facts, blocked };
    this.look();
  }

  /** The sandbox's or the printer's part may have changed. */
  look(): void {
    const { status } = this;
    const text = JSON.stringify(status);
    if (text === this.#told) return;
    this.#told = text;
    this.#onChange(status);
  }
}
