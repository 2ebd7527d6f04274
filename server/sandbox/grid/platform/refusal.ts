import type { GridRefusal } from '../../../src/gateways/grid/error.ts';

/** A business answer that is not yes; the endpoint seals it like any other. */
export class Refused extends Error {
  readonly refusal: GridRefusal;

  constructor(refusal: GridRefusal, message: string) {
    super(message);
    this.name = 'Refused';
    this.refusal = refusal;
  }
}

/** No answer can be given in time: the sender must ask later what became of it. */
export class Unanswered extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unanswered';
  }
}
