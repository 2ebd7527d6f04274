import { computed, onScopeDispose, ref } from 'vue';

/** Both are six digits. */
const LENGTH = 6;
/** How long wrong PINs lock, where the server does not say for how long. */
export const LOCKED_MINUTES = 15;
type StaffField = 'staff' | 'pin';

/**
 * What staff type to say who they are; `pinOnly`: their number is known. The PIN is here only until it is sent: sending it, a
 * refusal and leaving the screen each clear it, and nothing but its length is ever shown.
 */
export function useStaffEntry(
  send: (entry: { staff: string; pin: string }) => void,
  { pinOnly = false }: { readonly pinOnly?: boolean } = {},
) {
  const first: StaffField = pinOnly ? 'pin' : 'staff';
  const staff = ref('');
  const pin = ref('');
  const field = ref(first);
  const typed = computed(() => pin.value.length);
  const isKnown = computed(() => pinOnly || staff.value.length === LENGTH);
  const complete = computed(() => isKnown.value && pin.value.length === LENGTH);

  function press(digit: string): void {
    const value = field.value === 'staff' ? staff : pin;
    if (value.value.length < LENGTH) value.value += digit;
    if (field.value === 'staff' && staff.value.length === LENGTH) field.value = 'pin';
  }

  /** Of an empty PIN: the number's last digit. */
  function erase(): void {
    if (field.value === 'pin' && pin.value === '') field.value = first;
    const value = field.value === 'staff' ? staff : pin;
    value.value = value.value.slice(0, -1);
  }

  function clearPin(): void {
    pin.value = '';
    field.value = isKnown.value ? 'pin' : 'staff';
  }

  function submit(): void {
    if (!complete.value) return;
    const entry = { staff: staff.value, pin: pin.value };
    clearPin();
    send(entry);
  }

  onScopeDispose(clearPin);
  return { staff, typed, field, complete, press, erase, clearPin, submit };
}
