import assert from 'node:assert/strict'
import { setMaxListeners } from 'node:events'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { startTftpServer, type TftpServer } from '../../../../src/servers/tftp/tftp-server.ts'
import { writeFiles, type Files } from '../../../support/environment-files.ts'
import { openBadLink, type LinkFaults } from '../../../support/tftp/bad-link.ts'
import { fetchFile } from '../../../support/tftp/client.ts'

describe('The TFTP server over a bad link', () => {
  let t: Deadline
  let server: TftpServer
  let files: Files
  const image = Buffer.from(Array.from({ length: 90_000 }, (_, index) => (index * index) >> 3))

  beforeEach(async () => {
    t = startDeadline(20_000, 'test')
    setMaxListeners(50, t.signal)
    files = await writeFiles({ Image: image })
    server = await startTftpServer({ host: '127.0.0.1', port: 0 })
    await server.publish('Image', files.path('Image'), t)
  })

  afterEach(async () => {
    await server.close()
    await files[Symbol.asyncDispose]()
    t[Symbol.dispose]()
  })

  const links: readonly [title: string, faults: LinkFaults][] = [
    ['loses one packet in twenty', { loss: 0.05, seed: 7 }],
    ['doubles every second packet', { duplication: 0.5 }],
    ['swaps one packet in ten', { reordering: 0.1, seed: 3 }],
    ['takes its time', { delayMs: 2 }],
    ['does all of that', { loss: 0.03, duplication: 0.1, reordering: 0.05, delayMs: 1, seed: 5 }],
  ]
  for (const [title, faults] of links) {
    for (const windowsize of [1, 16]) {
      it(`serves files that are right when the link ${title}, with windows of ${windowsize}`, async () => {
        await using link = await openBadLink(server.address.port, faults)
        const options = { blksize: 1432, windowsize }
        const { content } = await fetchFile({ port: link.port, name: 'Image', options }, t)
        assert.ok(content.equals(image))
      })
    }
  }

  it('sends no block twice in lock-step, however many packets come twice', async () => {
    await using link = await openBadLink(server.address.port, { duplication: 1 })
    const request = { port: link.port, name: 'Image', options: { blksize: 1000 }, retryMs: 5000 }
    const { packets } = await fetchFile(request, t)
    assert.equal(server.fetches('Image').length <= 1, true)
    // The OACK and 91 blocks, each doubled by the link and not by the server.
    assert.ok(packets <= 2 * 92, String(packets))
  })

  it('brings 32 files at once over a link that loses one packet in fifty', async () => {
    await using link = await openBadLink(server.address.port, { loss: 0.02 })
    const request = { port: link.port, name: 'Image', options: { blksize: 1432 } }
    const fetched = await Promise.all(Array.from({ length: 32 }, () => fetchFile(request, t)))
    assert.ok(fetched.every(({ content }) => content.equals(image)))
    assert.ok(link.lost > 20)
  })
})
