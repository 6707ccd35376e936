/** What a person can ask for while nothing runs. */
export type WatchKey = 'run' | 'quit'

const ctrlC = '\x03'

/**
 * Resolves when a key is pressed that means something: never without a terminal.
 * @param signal gives the terminal back
 */
export function pressedKey(stdin: NodeJS.ReadStream, signal: AbortSignal): Promise<WatchKey> {
  return new Promise((resolve) => {
    if (!stdin.isTTY || signal.aborted) return
    const onData = (bytes: Buffer) => {
      for (const key of bytes.toString('latin1')) {
        if (key === 'r') resolve('run')
        else if (key === 'q') resolve('quit')
        else if (key === ctrlC) process.kill(process.pid, 'SIGINT')
      }
    }
    stdin.setRawMode(true)
    stdin.on('data', onData)
    // Who was paused stays so when somebody listens.
    stdin.resume()
    signal.addEventListener('abort', () => {
      stdin.removeListener('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
    })
  })
}
