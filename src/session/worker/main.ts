import { HilError, toSerializedError } from '../../core/errors.ts'
import type { BoardRequirement, FileRun, ToWorker, WorkerSettings } from '../group/protocol.ts'
import { installSpecLink } from '../spec/link.ts'
import { captureOutput } from './capture-output.ts'
import { listen, send } from './channel.ts'
import { loadSpec, type LoadedSpec } from './load-spec.ts'
import { ParentCalls } from './parent-calls.ts'
import { runSpec, type SpecRun } from './run-spec.ts'
import { TestObserver } from './test-observer.ts'

/** The process in which specs run. The boards stay with the parent: nothing that happens here can lose them. */

const calls = new ParentCalls()
const observer = new TestObserver(calls, send)
const specs = new Map<string, LoadedSpec>()
let settings: WorkerSettings | undefined
let running: SpecRun | undefined
/** The `useBoard` calls of the file that is being loaded. */
let requirements: BoardRequirement[] | undefined

installSpecLink({
  require: (requirement) => {
    if (requirements === undefined) {
      throw new HilError(
        'spec.late-use-board',
        'call useBoard in describe or at the top of a file, not in a test',
        {
          blame: 'test',
        },
      )
    }
    requirements.push(requirement)
  },
  board: calls.board,
  call: calls.call,
  get defaultState() {
    return settings?.state
  },
  step: send,
})
captureOutput()
listen((message) => {
  void handle(message)
})

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'load':
      settings = message.settings
      calls.debugging = message.settings.debug
      for (const file of message.files) await load(file, message.settings)
      send({ type: 'all-loaded' })
      break
    case 'run':
      await run(message)
      send({ type: 'ran' })
      break
    case 'reply':
      calls.onReply(message)
      break
    case 'callback':
      calls.onCallback(message.id, message.at, message.value)
      break
    case 'state':
      calls.onState(message.board, message.state)
      break
    case 'stop':
      running?.stop()
      break
    case 'ping':
      send({ type: 'pong' })
      break
    case 'end':
      process.exit(0)
  }
}

async function load(file: string, workerSettings: WorkerSettings): Promise<void> {
  try {
    const spec = await loadSpec(file, workerSettings, async (loadFile) => {
      requirements = []
      try {
        await loadFile()
        return requirements
      } finally {
        requirements = undefined
      }
    })
    specs.set(file, spec)
    send({ type: 'loaded', file: spec.summary })
  } catch (error) {
    send({ type: 'load-failed', file, error: toSerializedError(error) })
  }
}

async function run(request: FileRun): Promise<void> {
  const spec = specs.get(request.file)
  if (spec === undefined) return
  calls.bind(request.boards, request.primary)
  running = runSpec(spec, request, observer)
  await running.ended
  running = undefined
}
