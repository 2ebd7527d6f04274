import { nextTick, onUnmounted, watch } from 'vue';
import { useKiosk } from '../stores/kiosk.ts';
import type { ShownRemoteCard } from '../stores/remote-card.ts';
import { useSound } from '../stores/sound.ts';
import { useWords } from '../stores/words.ts';
import { ClipPlayer } from './clip-player.ts';
import { Narrator } from './narrator.ts';
import { PackShelf } from './pack-shelf.ts';
import { NOTHING, promptFor, promptForRemote, promptForStop } from './prompts.ts';
import { Speaker } from './speaker.ts';
import { SystemSpeech } from './system-speech.ts';

/** The packs are files of the renderer. */
async function readFile(path: string): Promise<ArrayBuffer> {
  const answer = await fetch(new URL(`voice/${path}`, document.baseURI));
  if (!answer.ok) throw new Error(`voice/${path}: ${answer.status}`);
  return answer.arrayBuffer();
}

function after(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms);
  return () => {
    clearTimeout(timer);
  };
}

/**
 * Lets the screen speak: what it shows, when it changes, as loud as the person in front of it wants. Silent where
 * `isSilent` says so: on staff's own screens.
 */
export function useVoice(remote: () => ShownRemoteCard | null, isSilent: () => boolean): void {
  const [kiosk, sound, words] = [useKiosk(), useSound(), useWords()];
  const player = new ClipPlayer(
    () => new AudioContext(),
    (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  );
  const speaker = new Speaker({
    shelf: new PackShelf(readFile),
    player,
    speech: new SystemSpeech(window.speechSynthesis),
    onSpokesman: (who) => {
      sound.spokesman = who;
    },
  });
  const narrator = new Narrator({ speaker, after });

  watch(
    () => sound.level,
    (level) => {
      speaker.level = level;
    },
    { immediate: true },
  );
  watch(
    () => {
      const over = remote();
      if (over !== null) return [promptForRemote(over), words.language] as const;
      if (isSilent()) return [NOTHING, words.language] as const;
      const { stopped, view } = kiosk;
      const prompt = stopped === null ? promptFor(view) : promptForStop(stopped, view);
      return [prompt, words.language] as const;
    },
    ([prompt, language]) => {
      narrator.show(prompt, language);
    },
    { immediate: true },
  );
  watch(
    () => sound.presses,
    () => {
      narrator.again();
    },
  );

  const onTouch = (): void => {
    player.unlock();
    // What the touch did comes first: another language, another screen.
    void nextTick(() => {
      narrator.touched();
    });
  };
  window.addEventListener('click', onTouch);
  onUnmounted(() => {
    window.removeEventListener('click', onTouch);
    speaker.stop();
  });
}
