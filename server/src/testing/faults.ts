/**
 * What may go wrong with one request: it never leaves, it is lost on the way, its answer is lost, or it is lost
 * to us and arrives much later all the same.
 */
export type Fault = 'none' | 'unavailable' | 'lost-request' | 'lost-answer' | 'late';

/** Asked before each request which fault it meets. */
export type FaultKnob = (operation: string) => Fault;

export const NO_FAULTS: FaultKnob = () => 'none';

/** Faults in the order given, for the operations named; afterwards none. */
export function faultsOf(script: Partial<Record<string, Fault[]>>): FaultKnob {
  return (operation) => script[operation]?.shift() ?? 'none';
}
