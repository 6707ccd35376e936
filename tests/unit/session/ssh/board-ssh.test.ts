import assert from 'node:assert/strict'
import type { Shell } from '../../../../src/board/shell.ts'
import type { SshDriver, SshSession } from '../../../../src/board/ssh.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import type { TakenBoard } from '../../../../src/lab/taken-board.ts'
import { BoardSsh } from '../../../../src/session/ssh/board-ssh.ts'

/** A board that lets in whoever comes, and keeps count. */
function createBoard() {
  const open = new Set<SshSession>()
  let logins = 0
  const driver = {
    ...{ host: '10.0.0.7', port: 22, interface: undefined, checksIdentity: false, readsHostKeys: false },
    connect: () => {
      logins++
      const session = {
        get isOpen() {
          return open.has(session)
        },
        close: () => Promise.resolve(void open.delete(session)),
      } as SshSession
      open.add(session)
      return Promise.resolve(session)
    },
  } satisfies SshDriver
  const board = { name: 'board', ssh: driver } as unknown as TakenBoard
  return { ssh: new BoardSsh(board), open, logins: () => logins }
}

const ask = () => Promise.reject(new Error('nothing is asked of this board'))

describe('The SSH session of a board', () => {
  let t: Deadline
  const shell = {} as Shell

  beforeEach(() => {
    t = startDeadline(5000, 'the test')
  })
  afterEach(() => {
    t[Symbol.dispose]()
  })

  it('is one, however many ask for it at once', async () => {
    const { ssh, open, logins } = createBoard()
    const sessions = await Promise.all([1, 2, 3].map(() => ssh.session(shell, ask, t)))
    assert.equal(new Set(sessions).size, 1)
    assert.equal(logins(), 1)
    await ssh.close()
    assert.equal(open.size, 0)
  })

  it('is made once more by all who find it lost', async () => {
    const { ssh, open, logins } = createBoard()
    await ssh.session(shell, ask, t)
    open.clear()
    const sessions = await Promise.all([1, 2, 3].map(() => ssh.session(shell, ask, t)))
    assert.equal(new Set(sessions).size, 1)
    assert.equal(logins(), 2)
    await ssh.close()
    assert.equal(open.size, 0)
  })

  it('is another one beside another shell', async () => {
    const { ssh, open } = createBoard()
    const first = await ssh.session(shell, ask, t)
    const second = await ssh.session({} as Shell, ask, t)
    assert.notEqual(second, first)
    assert.deepEqual([...open], [second])
  })
})
