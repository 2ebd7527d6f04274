import { ref, shallowRef } from 'vue';
import { useMutation } from '../api/mutation.ts';

/**
 * A page of entries that one person asks for and another allows: which form is open, which entry is to be undone, and whether something
 * was asked for. `load` reads the page anew.
 */
export function useAskedOfSecond<Entry extends { readonly id: string }, Form extends string>(init: {
  readonly load: () => unknown;
  readonly undo: (of: { readonly id: string; readonly reason: string }, key: string) => Promise<unknown>;
}) {
  const open = ref<Form>();
  const undoing = shallowRef<Entry>();
  const asked = ref(false);
  const { busy, problem, run, forget } = useMutation();

  /** It is asked for, and waits. */
  async function waits(): Promise<void> {
    open.value = undefined;
    undoing.value = undefined;
    asked.value = true;
    await init.load();
  }
  async function undo(reason: string): Promise<void> {
    const id = undoing.value?.id;
    if (id !== undefined && (await run((key) => init.undo({ id, reason }, key)))) await waits();
  }
  function beginUndo(entry: Entry): void {
    undoing.value = entry;
    forget();
  }
  return { open, undoing, asked, busy, problem, waits, undo, beginUndo };
}
