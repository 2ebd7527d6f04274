import { LOG_LINE_LENGTH, type CommandKind, type CommandResult } from '@bianmin/purchase/api/command';
import type { TerminalSupport } from '@bianmin/purchase/api/support';
import { showsNobody } from '../../policy/command-moment.ts';
import type { CommandAction } from './desk.ts';

/** What only a shell can do; each absent where that shell cannot. */
export interface ShellActions {
  /** Ends the program in an orderly way and has it started again. */
  readonly restart?: () => void;
  /** The screen as a small JPEG. */
  readonly picture?: () => Promise<Uint8Array>;
}

export interface ActionsInit {
  readonly shell: ShellActions;
  readonly shown: () => Parameters<typeof showsNobody>[0];
  /** Loads the page and what is announced anew. */
  readonly reload: () => Promise<void>;
  /** Sends how this machine is; gives the report's number. */
  readonly report: () => Promise<string>;
  readonly log: () => readonly string[];
  /** What a support archive of this machine is made of. */
  readonly support: () => Promise<TerminalSupport>;
}

/** 150 KB as base64. */
const PICTURE_BYTES = 150_000;
/** A body is 256 KB at most; words of three bytes each. */
const LOG_BYTES = 150_000;

const DONE: CommandResult = { outcome: 'done' };
const refused = (code: string): CommandResult => ({ outcome: 'refused', code });

export function commandActions(init: ActionsInit): Readonly<Record<CommandKind, CommandAction>> {
  const { shell, reload, report, log, support } = init;
  return {
    restart: {
      when: 'quiet',
      act: () => {
        if (shell.restart === undefined) return refused('command.unsupported');
        shell.restart();
        return undefined;
      },
    },
    'reload-content': {
      when: 'quiet',
      act: async () => {
        await reload();
        return DONE;
      },
    },
    'run-diagnostics': { when: 'now', act: async () => ({ ...DONE, reportNo: await report() }) },
    'resend-logs': { when: 'now', act: () => ({ ...DONE, log: tailOf(log()) }) },
    'support-archive': { when: 'now', act: async () => ({ ...DONE, support: await support() }) },
    screenshot: { when: 'now', act: () => pictureOf(init) },
    block: { when: 'between', act: () => DONE, blocks: true },
    unblock: { when: 'now', act: () => DONE, blocks: false },
  };
}

/** Refused where personal data could be on it: looked at before, and again after, since a picture takes its time. */
async function pictureOf({ shell, shown }: ActionsInit): Promise<CommandResult> {
  if (shell.picture === undefined) return refused('command.unsupported');
  if (!showsNobody(shown())) return refused('command.personal-data');
  const picture = await shell.picture();
  if (!showsNobody(shown())) return refused('command.personal-data');
  if (picture.length > PICTURE_BYTES) return { outcome: 'failed', code: 'command.too-large' };
  return { ...DONE, picture: Buffer.from(picture).toString('base64') };
}

/** The newest lines that fit. */
function tailOf(lines: readonly string[]): string[] {
  const tail: string[] = [];
  let bytes = 0;
  for (const line of lines.toReversed()) {
    const cut = line.slice(0, LOG_LINE_LENGTH);
    bytes += Buffer.byteLength(JSON.stringify(cut));
    if (bytes > LOG_BYTES) break;
    tail.unshift(cut);
  }
  return tail;
}
