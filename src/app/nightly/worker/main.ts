import { toSerializedError } from '../../../core/errors.ts'
import { BoardWork } from './board-work.ts'
import type { FromBoard, ToBoard } from './messages.ts'

/** Works on one board of a night: leases it, and runs cells on it one after the other. */

const tell = (message: FromBoard) => {
  // The night is over, or was killed: nobody listens any more.
  if (process.connected) process.send?.(message, () => undefined)
}
let work: Promise<BoardWork> | undefined
const ending = new AbortController()

// A terminal sends Ctrl-C to all its processes: what becomes of it is for the night to say.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => {
  void stop('SIGTERM')
})
process.on('disconnect', () => {
  void stop('SIGTERM')
})
process.on('message', (message: ToBoard) => {
  void receive(message)
})

async function receive(message: ToBoard): Promise<void> {
  switch (message.type) {
    case 'start':
      work = BoardWork.start(message, tell, ending.signal)
      try {
        await work
        tell({ type: 'leased' })
      } catch (error) {
        tell({ type: 'refused', error: toSerializedError(error) })
      }
      return
    case 'run': {
      const attempt = await (await work)?.run(message.job)
      if (attempt !== undefined) tell(ending.signal.aborted ? { type: 'stopped' } : { type: 'ran', attempt })
      return
    }
    case 'stop':
      return stop(message.signal)
    case 'end':
      return end()
  }
}

async function stop(signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  ending.abort(signal)
  await end()
}

async function end(): Promise<void> {
  const own = await work?.catch(() => undefined)
  await own?.close()
  process.exit()
}
