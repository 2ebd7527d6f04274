/** The tool's words. Every language has the same keys and the same `{places}`; a test checks. */
export const en = {
  help: `bianmin-card: looks at electricity cards and readers, and never writes unless told to twice.

  readers                      readers that are there, how each is driven, whether a card is in it
  identify                     which chip the card is; burns no try of its code
  dump                         everything that may be read of it; codes are masked
  diff A B                     two dumps (dump --json) or recordings, compared
  watch                        says what comes and goes, until Ctrl-C
  record FILE                  a recording of identify and dump, without codes [--by WHO] [--note TEXT]
  replay FILE                  plays a recording as a card
  write --plan FILE            shows what a plan would change; with --yes writes it
  change-code --codes FILE     replaces the card's code: read its warning first
  accept FILE                  leads you through a card and a reader by reading alone; a signed report
  doctor                       what is in the way of a reader, and what to do
  models                       readers that are known, the source of it, and what is not known of them

Which reader:  --reader NUMBER or part of its name, --via pcsc|usb|hid
For programs:  --json       Language:  --lang en|zh-CN`,
  'help.project': `In a clone of the project:  --simulate CHIP[:SEED], --sandbox ws://…/world/readers/NAME/usb,
                            record --fixture NAME`,

  'error.line': '{message} [{code}]',
  'error.fault': 'A fault of this tool: {message}. Please report it with what you typed.',

  'driven.ccid-usb': 'driven over USB (CCID)',
  'driven.hid': 'driven over USB (HID)',
  'driven.pcsc': 'driven through the PC/SC service',
  'driven.sandbox': 'driven through the sandbox',
  'driven.simulated': 'simulated',

  'readers.none': 'No reader was found. `bianmin-card doctor` says what is in the way.',
  'list.comma': ', ',
  'readers.model': 'model {model}',
  'readers.card': 'a card is in it',
  'readers.no-card': 'no card is in it',
  'readers.cpu-only': 'CPU cards only: its way with memory cards is not known',
  'readers.memory': 'memory cards by the {dialect} commands',
  'readers.fault': 'Could not be opened: {where}: {why}',
  'readers.not-closed': 'A reader could not be closed: {why}',

  'identify.reader': 'Reader: {reader}',
  'identify.atr': 'Answer to reset: {atr}',
  'identify.chip': 'Chip: {chip} ({how})',
  'identify.zones': 'Can be read: {zones}',
  'identify.no-zones': 'What can be read of this chip is not known to this tool.',
  'decided.atr': 'its answer to reset says so',
  'decided.probe': 'a fixed pattern in its memory says so',
  'atr.memory': 'memory card, bus {bus}, {units} units of {bits} bits',
  'atr.iso': 'ISO 7816-3, {convention} convention, {protocols}',
  'atr.historical': 'historical bytes {bytes}',
  'atr.unreadable': 'not a whole answer to reset',
  'tries.none': 'Codes: none to be presented',
  'tries.full': 'Code {code}: {left} of {full} tries left',
  'tries.fewer': 'Code {code}: only {left} of {full} tries left. Present it to nobody until you know why.',
  'tries.unseen':
    'Code {code}: the reader cannot tell how many tries are left [{why}]. Do not present it here.',
  'tries.locked': 'Code {code}: locked for ever, the card can only be read.',

  'dump.chip': '{chip}, answer to reset {atr}',
  'dump.zone': '{zone}: {length} B, {access}',
  'dump.protected': 'protected for ever: {spans}',
  'dump.unprotected': 'nothing is protected',
  'dump.unreadable': 'not read [{code}]',
  'access.code': 'written after the code',
  'access.mac': 'written after authentication, with a MAC',
  'access.plain': 'written by anybody',
  'access.issuer': 'written by the issuer alone',
  'access.never': 'written by nobody any more',
  'access.hidden': 'holds codes, is never shown',
  'meter.title': "The meter's files, if they lie as in this project:",
  'meter.serial': 'serial {serial}',
  'meter.parameters': 'parameters: {fields}',
  'meter.purse': 'purse: ¥{yuan}, purchase {count}',
  'meter.return': 'return file: {fields}',
  'meter.damaged': 'frame or sum does not fit: another layout, or damaged',
  'meter.blank': 'blank',

  'diff.same': 'The same.',
  'diff.chip': 'The chips are not the same.',
  'diff.atr': 'The answers to reset are not the same.',
  'diff.tries': 'Code {code}: tries left {a}, then {b}',
  'diff.zone': '{zone}: {runs} changed run(s)',
  'diff.only-a': '{zone}: read in the first alone',
  'diff.only-b': '{zone}: read in the second alone',

  'watch.begin': 'Watching. Ctrl-C ends it.',
  'watch.reader': '{reader}: reader is there',
  'watch.reader-gone': '{reader}: reader is gone',
  'watch.inserted': '{reader}: card put in',
  'watch.removed': '{reader}: card taken out',

  'record.done':
    'Recorded to {file}: {exchanges} commands, {hidden} of their lines with hidden bytes. It plays back to the same dump.',
  'record.next':
    'Read it before you give it away: codes are not in it, but the serial and the numbers of the customer and the meter are. Use a spare card.',
  'replay.played': 'All {exchanges} commands were played.',
  'replay.same': 'The dump is the recorded one. Nothing is shown that must be hidden.',
  'replay.differs': 'The dump is not the recorded one:',
  'replay.no-dump': 'No dump was recorded to compare with.',

  'write.nothing': 'The card already holds what the plan says.',
  'write.codes':
    'The code would be presented ({codes}). A card that leaves in that moment loses a try until the next right code.',
  'write.continues': 'More follows from the grid, by what the card answers.',
  'write.not-agreed': 'Nothing was written. Add --yes to write it.',
  'write.done': 'Written, read back, equal.',

  'change.warning':
    'This is the one step that cannot be made safe. If the {chip} loses power while its code is changed, its code is neither the old nor the new one, nobody can find it out, and the card can never be written again. Every other step of this tool can be cut off at any moment.',
  'change.tries': 'All {left} tries are left.',
  'change.not-agreed': 'Nothing was changed. Add --yes --i-know-it-can-brick to change it.',
  'change.done': 'Changed. The new code was presented on fresh power and taken.',

  'models.chips': 'cards: {chips}',
  'models.source': 'from {source}',
  'models.unconfirmed': 'not known: {what}',
  'accept.step': '{at}/{of}  {what}',
  'accept.ready': 'Enter to begin, s and a reason to leave it out:',
  'accept.done': '     done',
  'accept.skipped': '     left out: {reason}',
  'accept.failed': '     failed [{reason}]; going on',
  'accept.written':
    'The report is in {file}, signed. It holds no code, no number of a household and nothing that stands on the card. Read it, then give it on.',
  'accept.finished': '{file} is a finished report. Name another file for another visit.',
  'accept.now.out': '     Take the card out now.',
  'accept.now.in': '     Put it in again now.',
  'accept.now.fast': '     Now pull it out and push it in again, as fast as you can.',
  'accept.now.unplug': '     Now unplug the reader from the computer.',
  'accept.now.plug': '     Now plug it in again, the card in it.',
  'accept.question.maker': 'Who made the reader, as it says on it?',
  'accept.question.model': 'Which model, as it says on it?',
  'accept.question.label': 'What is printed on the card, without its numbers?',
  'accept.question.province': 'Which province is the card from?',
  'accept.step.reader': 'The reader is found.',
  'accept.step.questions': 'Four questions about what you hold.',
  'accept.step.power': 'The card is powered, twice.',
  'accept.step.identify': 'The chip is told.',
  'accept.step.tries': 'The counters of tries are read. None is used.',
  'accept.step.zones': 'Everything that may be read is read twice and compared.',
  'accept.step.speed': 'How fast it reads.',
  'accept.step.challenge': 'Random bytes of a CPU card.',
  'accept.step.notices': 'You will take the card out and put it in when you are told to.',
  'accept.step.fast': 'You will pull the card and push it in again at once, when you are told to.',
  'accept.step.replug': 'You will unplug the reader and plug it in, when you are told to.',
  'accept.step.tries-again': 'The counters once more: all tries must still be there.',

  'doctor.plugged': 'Plugged in:',
  'doctor.as-reader': 'reader {model}',
  'doctor.no-usb': 'This system shows no USB devices.',
  'doctor.no-usb.do':
    'In a container or a virtual machine, hand the reader in from outside (/dev/bus/usb and /sys/bus/usb).',
  'doctor.no-reader':
    'No reader is plugged in that this project knows or that says of itself that it is one.',
  'doctor.no-reader.do': 'Plug one in, try another socket without a hub, and look whether its light goes on.',
  'doctor.reader': 'reader, model {model}, {kind}',
  'doctor.reader.do': '',
  'doctor.unknown-model':
    'a reader by what it says of itself, but not in the table of models: CPU cards only',
  'doctor.unknown-model.do':
    'To drive memory cards through it, its maker’s manual is needed and a row for {id} (docs/how-to/add-a-reader.md).',
  'doctor.cpu-only': 'for CPU cards only: no way is known by which {model} drives memory cards',
  'doctor.cpu-only.do':
    'For SLE4442, SLE4428 and AT88SC cards take one of the readers that `bianmin-card models` shows with them.',
  'doctor.node-missing': 'its node {path} is not there',
  'doctor.node-missing.do': 'Plug it in again. In a container, hand /dev in from outside.',
  'doctor.no-rights': '{path} belongs to {owner}; {user} (groups {groups}) may not use it (EACCES)',
  'doctor.no-rights.do': 'Put this there, plug the reader in again, and log in anew if a group was added:',
  'doctor.held': '{name} (process {pid}) has it open (EBUSY)',
  'doctor.held.do': 'End that program, or use another reader: two cannot share one.',
  'doctor.held-unseen': 'a program that cannot be looked into has it (EBUSY)',
  'doctor.held-unseen.do': 'Run doctor with sudo to see which, and end that program.',
  'doctor.kernel-driver': 'the kernel’s driver {drivers} holds it',
  'doctor.kernel-driver.do':
    'Over USB the driver is detached when the reader is opened; nothing is to be done.',
  'doctor.pcscd-owns': 'the PC/SC service (pcscd, process {pid}) owns it',
  'doctor.pcscd-owns.do':
    'Cards go through the service, which is the default. To drive it over USB instead: sudo systemctl stop pcscd.socket pcscd.service, then --via usb. One or the other, never both.',
  'doctor.pcscd-would-own':
    'the PC/SC service runs or starts at need, and takes this reader if it has a driver for it',
  'doctor.pcscd-would-own.do':
    'If `readers` does not show it, the service has no driver: install it (libccid, or the maker’s), or stop pcscd.socket and pcscd.service and use --via usb.',
  'doctor.pcscd-closed': 'the PC/SC service does not let you in (service {service}, socket {socket})',
  'doctor.pcscd-closed.do':
    'Log in at the machine itself, or have polkit allow org.debian.pcsc-lite.access_pcsc and access_card.',
  'doctor.pcscd-none': 'no PC/SC service runs (service {service}, socket {socket})',
  'doctor.pcscd-none.do': 'None is needed: readers are driven over USB then.',
  'doctor.package-missing': 'the package {name} does not load: {why}',
  'doctor.package-missing.do':
    'Run npm rebuild {name}; it may want a compiler, and libpcsclite-dev for PC/SC.',
  'doctor.package-absent': 'the package {name} is not installed',
  'doctor.package-absent.do':
    'npm install {name}, if a reader is reached by it: usb over USB, node-hid for HID readers, @pokusew/pcsclite through PC/SC.',
  'doctor.package-other-node': 'the package {name} was compiled for another version of Node',
  'doctor.package-other-node.do': 'Run npm rebuild {name} with this Node.',
  'doctor.library-missing': 'the package {name} wants {library}, which this system does not have',
  'doctor.library-missing.do': 'On Debian: sudo apt-get install {debian}',
  'doctor.node-too-old': 'this is Node {node}, which is not supported',
  'doctor.node-too-old.do': 'Install Node 20.19, 22.12, 24 or newer of these lines.',
  'doctor.hidden-processes':
    '{count} processes of other users could not be looked into; one of them may hold the reader',
  'doctor.hidden-processes.do': 'To be sure, run doctor once with sudo.',
  'doctor.windows':
    'Windows: readers go through its smart-card service (PC/SC), which this tool uses by itself.',
  'doctor.windows.do':
    'Look into the device manager under “Smart card readers”. With the “Microsoft Usbccid” or the maker’s driver nothing is to be done. To drive a reader over USB instead, give it the WinUSB driver (Zadig); the service then no longer sees it.',
  'doctor.macos': 'macOS: readers go through its smart-card service (PC/SC), which this tool uses by itself.',
  'doctor.macos.do':
    'The system’s CCID driver holds the reader, so --via usb cannot open it. `system_profiler SPUSBDataType` lists what is plugged in.',
  'doctor.other-platform': 'This system is not known to doctor.',
  'doctor.other-platform.do': 'Try `readers`.',
} as const;
