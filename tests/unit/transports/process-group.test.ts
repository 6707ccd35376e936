import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { startDeadline } from '../../../src/core/deadline.ts'
import { endProcessGroup } from '../../../src/transports/process-group.ts'
import { untilNoProcess } from '../../support/processes.ts'

describe('ending a program with all it has started', () => {
  it('ends also what would go on without it', async () => {
    using t = startDeadline(10_000, 'test')
    const child = spawn('sh', ['-c', '(trap "" TERM; echo ready; exec sleep 71.4)& wait'], { detached: true })
    const ended = once(child, 'exit')
    await once(child.stdout, 'data')
    await endProcessGroup(child.pid ?? 0, ended)
    await untilNoProcess('sleep 71.4', t)
  })
})
