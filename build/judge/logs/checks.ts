/** What was looked at, and what of it was not as it must be. */
export class Checks {
  readonly faults: string[] = [];
  passed = 0;

  that(what: string, holds: boolean, found?: unknown): void {
    if (holds) this.passed += 1;
    else this.faults.push(found === undefined ? what : `${what}: ${JSON.stringify(found)}`);
  }
}
