/** What a utility process of Electron's has of its parent: the first thing that is said to it is printed, and is the end. */
Object.assign(process, {
  parentPort: {
    on: () => undefined,
    postMessage: (/** @type {unknown} */ message) => {
      process.stdout.write(JSON.stringify(message), () => process.exit());
    },
  },
});
