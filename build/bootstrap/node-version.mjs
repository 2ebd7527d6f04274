const LEAST = [20, 19];

/**
 * @param {string} version as `process.versions.node` gives it
 * @returns {string | undefined} what to do about it, or nothing
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return `Bianmin needs Node ${LEAST.join('.')} or newer and this is ${version}. Install a newer Node and run the command again.`;
}
