/** How long programs may take to end after SIGTERM before they are killed. */
const terminationGraceMs = 2000

/**
 * Ends a program that leads a process group (`detached`), with all it has started: what is left of the group when
 * the program has ended did not want to end, and is killed.
 * @param ended resolves when it has ended
 */
export async function endProcessGroup(
  pid: number,
  ended: Promise<unknown>,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
  signalGroup(pid, signal)
  const timer = setTimeout(signalGroup, terminationGraceMs, pid, 'SIGKILL')
  await ended
  clearTimeout(timer)
  signalGroup(pid, 'SIGKILL')
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody is in it any more.
  }
}
