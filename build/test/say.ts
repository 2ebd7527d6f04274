/** Where a run's words go. With `--json` standard output has rows and nothing else. */
let stream: NodeJS.WriteStream = process.stdout;

export function say(text: string): void {
  stream.write(text);
}

export function keepOutputForRows(): void {
  stream = process.stderr;
}

export function printRow(row: object): void {
  process.stdout.write(`${JSON.stringify(row)}\n`);
}
