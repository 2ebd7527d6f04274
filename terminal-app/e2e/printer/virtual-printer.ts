import { nextOp } from './escpos-parser.ts';
import { Paper } from './paper.ts';

/** What it keeps of what it cannot print yet, bytes; more is not taken. */
const MEMORY = 64 * 1024;
const NEVER_OUT = Number.MAX_SAFE_INTEGER;

/**
 * An ESC/POS printer without the printer: it interprets bytes onto paper, answers for its state as Epson's reference says,
 * stops where its paper ends and goes on when there is some. Faults are what can be done to it by hand.
 */
export class VirtualPrinter {
  readonly #dots: number;
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  readonly #done: Paper[] = [];
  #paper: Paper;
  /** Dots of paper left. */
  #left = NEVER_OUT;
  #coverOpen = false;
  #broken = false;
  #mute = false;
  #memory: Uint8Array = new Uint8Array();
  /** The last bytes of what came, for a question that is split over two transfers. */
  #tail: number[] = [];

  constructor(init: { readonly dots: number }) {
    this.#dots = init.dots;
    this.#paper = new Paper(init.dots);
  }

  /** Receipts that were cut off, oldest first. */
  get receipts(): readonly Paper[] {
    return this.#done;
  }

  /** What has come out since the last cut. */
  get unfinished(): Paper {
    return this.#paper;
  }

  /** Whether it takes bytes now. */
  get takes(): boolean {
    return this.#memory.length < MEMORY;
  }

  /** From now on there are so many dots of paper; 8 dots are a millimetre. */
  loadPaper(dots = NEVER_OUT): void {
    this.#left = dots;
    this.#work();
  }

  openCover(open: boolean): void {
    this.#coverOpen = open;
    this.#work();
  }

  /** Its cutter is jammed. */
  breakDown(broken: boolean): void {
    this.#broken = broken;
    this.#work();
  }

  /** It answers nothing, like a printer that only listens. */
  goMute(): void {
    this.#mute = true;
  }

  /** Switched off: what it had not printed is lost, and the paper in it is torn off before it is switched on. */
  switchOff(): void {
    this.#memory = new Uint8Array();
    this.#tail = [];
    this.#paper = new Paper(this.#dots);
  }

  onAnswer(listener: (bytes: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  receive(bytes: Uint8Array): void {
    this.#answerInTime(bytes);
    this.#memory = Uint8Array.from([...this.#memory, ...bytes]);
    this.#work();
  }

  /** DLE EOT is answered as it comes in, whatever stands before it. */
  #answerInTime(bytes: Uint8Array): void {
    for (const byte of bytes) {
      const [first, second] = this.#tail;
      if (first === 0x10 && second === 0x04 && byte >= 1 && byte <= 4) this.#tell(this.#status(byte));
      this.#tail = [...this.#tail, byte].slice(-2);
    }
  }

  #status(n: number): number {
    const out = this.#left <= 0;
    const off = out || this.#coverOpen || this.#broken;
    const bits = [
      0,
      off ? 0x08 : 0,
      (this.#coverOpen ? 0x04 : 0) | (out ? 0x20 : 0) | (this.#broken ? 0x40 : 0),
      this.#broken ? 0x08 : 0,
      (this.#left < 800 ? 0x0c : 0) | (out ? 0x60 : 0),
    ];
    return 0x12 | (bits[n] ?? 0);
  }

  #tell(byte: number): void {
    if (this.#mute) return;
    for (const listener of this.#listeners) listener(Uint8Array.of(byte));
  }

  #work(): void {
    while (this.#left > 0 && !this.#coverOpen && !this.#broken) {
      const next = nextOp(this.#memory);
      if (next === undefined) return;
      const { op, length } = next;
      this.#left -= this.#paper.needs(op);
      this.#paper.do(op);
      this.#memory = this.#memory.slice(length);
      if (op.do === 'tell-paper') this.#tell(this.#left < 800 ? 0x03 : 0);
      if (op.do === 'cut') this.#cut();
    }
  }

  #cut(): void {
    this.#done.push(this.#paper);
    this.#paper = new Paper(this.#dots);
  }
}
