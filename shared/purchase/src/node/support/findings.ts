import type {
  ServerSupport,
  SupportLine,
  SupportParts,
  SupportSystem,
  TerminalSupport,
} from '../../api/support.ts';

/** What an archive names by itself, each with a sentence that says what to do. */
const SUPPORT_FINDINGS = {
  'reader.held': 'Another program has the reader. End it, or take it out of what starts with the machine.',
  'reader.closed':
    'The reader is there and this program may not use it. docs/card-tool.md#doctor says which rule is missing.',
  'reader.none': 'No reader is seen. Look at plug and cable.',
  'clock.wrong': "The machine's clock is wrong. Set it, and have it kept by NTP.",
  'disk.full': 'The disk is full. Make room.',
  'disk.low': 'The disk is nearly full. Make room.',
  'disk.not-durable': 'A small write could not be made durable. The disk fails, or may not be written.',
  'journal.unreadable': 'The journal of card writes cannot be read. Keep the disk for the engineers.',
  'journal.undelivered':
    'Card writes wait that the server has not heard of. Bring the line to the server back.',
  'line.unreachable':
    'The other side cannot be reached. The step says where the way ends: name, connection or answer.',
  'certificate.expired': "The other side's certificate has expired, or this machine's clock says so.",
  'certificate.refused':
    "The other side's certificate is not believed. Its authority is missing here, or it is another's.",
  'certificate.ending': 'A certificate ends within thirty days.',
  'terminal.blocked': 'It was blocked from afar and sells nothing.',
  'terminal.stopped': 'The screen stands on a problem. Its code says which.',
  'store.away': 'A store does not answer.',
  'store.slow': 'A store answers slowly.',
  'migration.behind': 'The database is not of the version that this server needs. npm run migrate.',
  'index.missing': 'Indexes are missing. npm run migrate.',
  'lease.stale': 'Nobody holds parts of the work: no worker runs, or it is frozen.',
  'queue.long': 'Jobs wait in the queue.',
  'queue.failed': 'Jobs of the queue have failed for good.',
  'reader-of-changes.behind': 'What is made out of orders is behind them.',
  'process.silent': 'No worker has said anything for minutes: it has ended without saying so, or is frozen.',
  'process.fault': 'A process says that something is wrong.',
  'alert.open': 'An alert is open.',
  'memory.low': 'The machine has little memory left.',
} as const;
type SupportFindingId = keyof typeof SUPPORT_FINDINGS;

export interface SupportFinding {
  readonly id: SupportFindingId;
  /** Of what: a reader, a line, a store, a code. */
  readonly of: string;
}

const DISK_FULL_MB = 64;
const DISK_LOW_MB = 1_000;
const MEMORY_LOW = 0.03;
const CLOCK_WRONG_MS = 60_000;
const ENDING_MS = 30 * 86_400_000;
const SLOW_MS = 1_000;
const QUEUE_LONG = 1_000;
const BEHIND_S = 300;
/** A worker renews its leases every few seconds. */
const STALE_S = -30;
/** A process says every few seconds how it is. */
const SILENT_S = 120;
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** What is wrong, by what an archive holds and nothing else. Pure: the same archive, the same findings. */
export function findingsOf(parts: SupportParts): SupportFinding[] {
  const at = Date.parse(parts.at);
  const own = parts.kind === 'server' ? ofServer(parts, at) : ofTerminal(parts);
  const found = [
    ...own,
    ...ofSystem(parts.system),
    ...ofDisk(parts.system?.disk ?? (parts.kind === 'box' ? parts.machine?.disk : null)),
    ...ofClocks(parts),
    ...parts.lines.flatMap((line) => ofLine(line, at)),
  ];
  return found.filter(({ id, of }, n) => found.findIndex((each) => each.id === id && each.of === of) === n);
}

function ofTerminal(parts: TerminalSupport): SupportFinding[] {
  const { readers, machine } = parts;
  const found: SupportFinding[] = [];
  for (const { id, device, by } of readers?.findings ?? []) {
    if (id === 'held' || id === 'held-unseen') found.push(finding('reader.held', [device, by]));
    if (id === 'no-rights' || id === 'pcscd-closed') found.push(finding('reader.closed', [device, by]));
    if (id === 'no-reader' || id === 'no-usb') found.push(finding('reader.none', [id]));
  }
  found.push(...ofWrites(parts));
  for (const { code } of machine?.faults ?? []) {
    if (code === 'journal.not-durable') found.push(finding('disk.not-durable', [code]));
    if (code === 'terminal.blocked') found.push(finding('terminal.blocked', [code]));
  }
  const problem = machine?.screen.problem ?? null;
  if (problem !== null) found.push(finding('terminal.stopped', [problem]));
  if (machine?.server.link === 'away') found.push(finding('line.unreachable', ['server', 'away']));
  return found;
}

/** A box's archive is its report, which counts its journal; a kiosk's has the journal itself. */
function ofWrites({ kind, journal, machine }: TerminalSupport): SupportFinding[] {
  if (kind === 'box' && machine === null) return [];
  const counted = kind === 'box' && machine !== null ? machine.journal : countsOf(journal);
  if (counted === null) return [finding('journal.unreadable', [])];
  return counted.undelivered > 0 ? [finding('journal.undelivered', [`${counted.undelivered}`])] : [];
}

function countsOf(journal: TerminalSupport['journal']): { readonly undelivered: number } | null {
  if (journal === null) return null;
  const waits = journal.entries.filter(
    ({ phase, told }) => !told && (phase === 'written' || phase === 'failed'),
  );
  return { undelivered: waits.length };
}

function ofServer({ stores, work, certificates }: ServerSupport, at: number): SupportFinding[] {
  return [
    ...stores.flatMap(({ name, ms, fault }) => {
      if (fault !== null || ms === null) return [finding('store.away', [name, fault])];
      return ms > SLOW_MS ? [finding('store.slow', [name, `${Math.round(ms)} ms`])] : [];
    }),
    ...certificates.flatMap(({ name, until }) => ofCertificate(name, Date.parse(until), at)),
    ...(work === null ? [] : ofWork(work)),
  ];
}

function ofWork(work: NonNullable<ServerSupport['work']>): SupportFinding[] {
  const { migrations, indexesMissing, leases, queue, behindS, processes, alerts } = work;
  const found: SupportFinding[] = [];
  const { version, needed, unfinished } = migrations;
  if (version !== needed || unfinished !== null)
    found.push(finding('migration.behind', [`${version} of ${needed}`, unfinished]));
  for (const index of indexesMissing) found.push(finding('index.missing', [index]));
  for (const { of, leftS } of leases)
    if (leftS < STALE_S) found.push(finding('lease.stale', [of, `${Math.round(-leftS)} s`]));
  for (const { state, jobs } of queue) {
    if ((state === 'waiting' || state === 'delayed') && jobs > QUEUE_LONG)
      found.push(finding('queue.long', [state, `${jobs}`]));
    if (state === 'failed' && jobs > 0) found.push(finding('queue.failed', [`${jobs}`]));
  }
  for (const { reader, seconds } of behindS)
    if (seconds > BEHIND_S)
      found.push(finding('reader-of-changes.behind', [reader, `${Math.round(seconds)} s`]));
  const worker = processes.filter(({ kind }) => kind === 'worker').map(({ ageS }) => ageS);
  const silentS = Math.min(...worker);
  if (worker.length > 0 && silentS > SILENT_S)
    found.push(finding('process.silent', ['worker', `${silentS} s`]));
  for (const { kind, faults } of processes)
    for (const { rule, code } of faults) found.push(finding('process.fault', [kind, rule, code]));
  for (const { rule, severity } of alerts) found.push(finding('alert.open', [rule, severity]));
  return found;
}

function ofSystem(system: SupportSystem | null): SupportFinding[] {
  if (system === null) return [];
  const { writeFault, memoryMb } = system;
  const found: SupportFinding[] = [];
  if (writeFault !== null)
    found.push(finding(FULL.has(writeFault) ? 'disk.full' : 'disk.not-durable', [writeFault]));
  if (memoryMb.free < memoryMb.total * MEMORY_LOW) found.push(finding('memory.low', [`${memoryMb.free} MB`]));
  return found;
}

function ofDisk(disk: SupportSystem['disk'] | undefined): SupportFinding[] {
  if (disk === null || disk === undefined) return [];
  const of = [`${disk.freeMb} MB`];
  if (disk.freeMb < DISK_FULL_MB) return [finding('disk.full', of)];
  return disk.freeMb < DISK_LOW_MB ? [finding('disk.low', of)] : [];
}

function ofClocks(parts: SupportParts): SupportFinding[] {
  const skews = [
    ...parts.lines.map(({ to, skewMs }) => [to, skewMs] as const),
    ...(parts.kind === 'server' ? [] : [['server', parts.machine?.server.skewMs ?? null] as const]),
  ];
  // The farthest is enough: two looks at one clock are one fault.
  const wrong = skews
    .flatMap(([to, skewMs]) => (skewMs !== null && Math.abs(skewMs) > CLOCK_WRONG_MS ? [{ to, skewMs }] : []))
    .toSorted((a, b) => Math.abs(b.skewMs) - Math.abs(a.skewMs))[0];
  return wrong === undefined
    ? []
    : [finding('clock.wrong', [`${Math.round(wrong.skewMs / 1000)} s beside ${wrong.to}`])];
}

function ofLine({ to, steps, certificate }: SupportLine, at: number): SupportFinding[] {
  const found = certificate === null ? [] : ofCertificate(to, Date.parse(certificate.until), at);
  const last = steps.at(-1);
  if (last === undefined || last.fault === null) return found;
  if (last.step === 'tls' && /CERT|SIGN|ISSUER|HOSTNAME|ALTNAME/u.test(last.fault)) {
    const id = last.fault === 'CERT_HAS_EXPIRED' ? 'certificate.expired' : 'certificate.refused';
    return [...found, finding(id, id === 'certificate.expired' ? [to] : [to, last.fault])];
  }
  return [...found, finding('line.unreachable', [to, last.step, last.fault])];
}

function ofCertificate(name: string, until: number, at: number): SupportFinding[] {
  if (until <= at) return [finding('certificate.expired', [name])];
  return until - at < ENDING_MS ? [finding('certificate.ending', [name])] : [];
}

function finding(id: SupportFindingId, of: readonly (string | null)[]): SupportFinding {
  return { id, of: of.filter((part) => part !== null && part !== '').join(' ') };
}

/** A line for people. */
export function sentenceOfFinding({ id, of }: SupportFinding): string {
  return `${id}${of === '' ? '' : ` (${of})`}: ${SUPPORT_FINDINGS[id]}`;
}
