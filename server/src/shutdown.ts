/**
 * Ends a process gently on SIGTERM or SIGINT: `close` is called once, the process leaves with 0 when it is done
 * and with 1 when it fails or takes longer than `limitMs`. A second signal ends it at once.
 */
export function endOnSignal(init: {
  close: () => Promise<void>;
  limitMs: number;
  onError: (error: unknown) => void;
}): void {
  let ending = false;
  const onSignal = (): void => {
    if (ending) process.exit(1);
    ending = true;
    const limit = setTimeout(() => {
      init.onError(new Error(`The shutdown took longer than ${init.limitMs} ms.`));
      process.exit(1);
    }, init.limitMs);
    limit.unref();
    init.close().then(
      () => process.exit(0),
      (error: unknown) => {
        init.onError(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
