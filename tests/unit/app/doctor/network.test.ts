import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { answersAt, compareLinks, linksThatAreUp } from '../../../../src/app/doctor/network.ts'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { writeFiles } from '../../../support/environment-files.ts'
import { freePort } from '../../../support/free-port.ts'

describe('The links of this machine', () => {
  it('are those of its network adapters that have a cable with something at its end', async () => {
    await using files = await writeFiles({
      'eth0/carrier': '1\n',
      'eth1/carrier': '0\n',
      'docker0/carrier': '1\n',
      'lo/carrier': '1\n',
      'wwan0/type': '1\n',
    })
    for (const name of ['eth0', 'eth1', 'wwan0']) await mkdir(files.path(`${name}/device`))
    assert.deepEqual(linksThatAreUp(files.directory), ['eth0'])
    assert.doesNotThrow(() => linksThatAreUp(), 'as this machine has it')
  })

  it('that go with the power of a board had theirs from it', () => {
    assert.deepEqual(compareLinks(['eth0'], ['eth0', 'eth1'], ['eth0']), { wentDown: ['eth1'], stayedUp: [] })
  })

  it('that came with the power and do not go with it are not behind a switch, and tell of power that is left', () => {
    assert.deepEqual(compareLinks(['eth0'], ['eth0', 'eth1'], ['eth0', 'eth1']), {
      wentDown: [],
      stayedUp: ['eth1'],
    })
  })

  it('tell nothing where they are up all the time, or nobody has seen them before', () => {
    assert.deepEqual(compareLinks(['eth0'], ['eth0'], ['eth0']), { wentDown: [], stayedUp: [] })
    assert.deepEqual(compareLinks(undefined, ['eth0'], ['eth0']), { wentDown: [], stayedUp: [] })
  })
})

describe('Whether somebody is at an address', () => {
  it('is told by a server, and by who refuses to be one', async () => {
    using t = startDeadline(10_000, 'test')
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    assert.equal(await answersAt('127.0.0.1', port, t), true)
    server.close()
    await once(server, 'close')
    assert.equal(await answersAt('127.0.0.1', await freePort(), t), true)
  })

  it('is not so where there is no such machine', async () => {
    using t = startDeadline(10_000, 'test')
    assert.equal(await answersAt('no-such-board.invalid', 22, t), false)
  })
})
