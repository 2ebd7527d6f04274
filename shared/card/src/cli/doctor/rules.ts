import { CPU_ONLY_MODELS } from '../../reader/cpu-only-models.ts';
import type { DeviceFact, Facts, NodeFact } from './facts.ts';
import type { Finding, FindingId, Severity } from './finding.ts';
import { vidPid } from './hex-id.ts';
import { nodeFindings, packageFindings } from './packages.ts';
import { UDEV_FILE, udevRule } from './udev.ts';

/** The driver of an interface that a program has. */
const PROGRAM = 'usbfs';

/** Judges what was found. Pure: the same facts, the same findings. */
export function judge(facts: Facts): Finding[] {
  const software = [...packageFindings(facts), ...nodeFindings(facts)];
  if (facts.platform !== 'linux') return [...elsewhere(facts), ...software];
  const devices = facts.devices.flatMap((device) => deviceFindings(facts, device));
  const none: Finding[] =
    facts.devices.length > 0
      ? []
      : [{ id: facts.usbVisible ? 'no-reader' : 'no-usb', severity: 'problem', values: {} }];
  return [...none, ...devices, ...service(facts), ...software, ...hidden(facts)];
}

function deviceFindings(facts: Facts, device: DeviceFact): Finding[] {
  const about = `${vidPid(device)} ${device.name}`.trim();
  const finding = (id: FindingId, severity: Severity, rest: Partial<Finding> = {}): Finding => ({
    id,
    severity,
    device: about,
    values: {},
    ...rest,
  });
  const found: Finding[] = [
    device.model === undefined
      ? finding('unknown-model', 'note', { values: { id: vidPid(device) } })
      : finding('reader', 'ok', { values: { model: device.model, kind: device.kind } }),
    ...(isCpuOnly(device) ? [finding('cpu-only', 'note', { values: { model: device.model ?? '' } })] : []),
  ];
  const wanted = device.nodes.filter((node) =>
    device.kind === 'hid' ? node.kind === 'hidraw' : node.kind === 'usb',
  );
  for (const node of wanted) {
    if (node.owner === undefined) {
      found.push(finding('node-missing', 'problem', { values: { path: node.path } }));
    } else if (!node.writable && !servedByPcscd(facts, device)) {
      found.push(
        finding('no-rights', 'problem', { values: rightsOf(facts, node), lines: fixOf(facts, device, node) }),
      );
    }
  }
  const holders = wanted.flatMap((node) => node.heldBy);
  const isClaimed = device.drivers.includes(PROGRAM) && holders.length === 0;
  const pcscd =
    holders.find(({ name }) => name === 'pcscd') ??
    (isClaimed && device.kind === 'ccid' && facts.pcscd.pid !== undefined
      ? { pid: facts.pcscd.pid }
      : undefined);
  if (pcscd !== undefined) found.push(finding('pcscd-owns', 'ok', { values: { pid: pcscd.pid } }));
  else if (servedByPcscd(facts, device)) found.push(finding('pcscd-would-own', 'note'));
  if (isClaimed && pcscd === undefined) found.push(finding('held-unseen', 'problem'));
  for (const { pid, name } of holders) {
    if (name !== 'pcscd') found.push(finding('held', 'problem', { values: { pid, name } }));
  }
  const drivers = device.drivers.filter((name) => name !== 'usbhid' && name !== PROGRAM);
  if (drivers.length > 0) {
    found.push(finding('kernel-driver', 'note', { values: { drivers: drivers.join(', ') } }));
  }
  return found;
}

/** A model of the table for which no way with memory cards is known. */
function isCpuOnly({ model }: DeviceFact): boolean {
  return CPU_ONLY_MODELS.some(({ id }) => id === model);
}

/** pcscd drives CCID readers, and some vendors' own; rights are then its business. */
function servedByPcscd({ pcscd }: Facts, { kind }: DeviceFact): boolean {
  return kind === 'ccid' && (pcscd.running || pcscd.socket === 'active');
}

function rightsOf({ user }: Facts, node: NodeFact): Finding['values'] {
  return { path: node.path, owner: node.owner ?? '', user: user.name, groups: user.groups.join(' ') };
}

function fixOf({ user }: Facts, device: DeviceFact, node: NodeFact): string[] {
  const mode = parseInt(node.owner?.split(' ')[1] ?? '0', 8);
  // The rule is there already: only the person is missing from the group.
  if (node.group === 'plugdev' && (mode & 0o060) === 0o060 && !user.groups.includes('plugdev')) {
    return [`sudo usermod -aG plugdev ${user.name}`];
  }
  return [
    `# ${UDEV_FILE}`,
    ...udevRule(device).split('\n'),
    'sudo udevadm control --reload && sudo udevadm trigger',
    ...(user.groups.includes('plugdev') ? [] : [`sudo usermod -aG plugdev ${user.name}`]),
  ];
}

function service({ pcscd, devices }: Facts): Finding[] {
  const state = { service: pcscd.service ?? '–', socket: pcscd.socket ?? '–' };
  if (pcscd.running || pcscd.socket === 'active') {
    return pcscd.clientSocket === 'closed'
      ? [{ id: 'pcscd-closed', severity: 'problem', values: state }]
      : [];
  }
  return devices.some(({ kind }) => kind === 'ccid')
    ? [{ id: 'pcscd-none', severity: 'ok', values: state }]
    : [];
}

function hidden({ hiddenProcesses, user }: Facts): Finding[] {
  if (hiddenProcesses === 0 || user.uid === 0) return [];
  return [{ id: 'hidden-processes', severity: 'note', values: { count: hiddenProcesses } }];
}

function elsewhere({ platform }: Facts): Finding[] {
  switch (platform) {
    case 'win32':
      return [{ id: 'windows', severity: 'note', values: {} }];
    case 'darwin':
      return [{ id: 'macos', severity: 'note', values: {} }];
    case 'other':
    case 'linux':
      return [{ id: 'other-platform', severity: 'note', values: {} }];
  }
}
