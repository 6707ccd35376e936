import assert from 'node:assert/strict'
import type { ServedFile } from '../../../../src/board/boot-plan.ts'
import type { LinkName } from '../../../../src/core/boot-proof.ts'
import type { FileFetch } from '../../../../src/core/file-fetch.ts'
import type { BootEvidence } from '../../../../src/session/proof/boot-evidence.ts'
import { judgeBoot } from '../../../../src/session/proof/judge-boot.ts'

const banner = 'Linux version 6.1.0 (me@here) (gcc 12) #1 SMP 2026-01-01'
const nonce = 'hil.payload=0123456789ab-deadbeef'
const buildId = 'ab'.repeat(20)

const image: ServedFile = { name: 'Image', size: 1000, sha256: 'a'.repeat(64), crc32: 1 }

const fetched: FileFetch = {
  client: { host: '10.0.2.15', port: 1025 },
  name: 'Image',
  sha256: image.sha256,
  size: 1000,
  sentBytes: 1000,
  acknowledgedBytes: 1000,
  resentBlocks: 0,
  options: {},
  end: 'complete',
  durationMs: 5,
}

const unconfirmed: FileFetch = { ...fetched, end: 'unconfirmed', acknowledgedBytes: 500 }

/** A boot to userspace of which everything is proven. */
const good: BootEvidence = {
  expected: {
    nonce: '0123456789ab',
    kernel: { architecture: 'arm64', release: '6.1.0', banner, buildId, unpacks: undefined },
  },
  nonce,
  files: [{ file: image, fetches: [fetched], read: undefined }],
  command: { text: 'boot -o bootm.image=/mnt/hil/Image mmc0', isLate: true },
  overridden: ['[bootm override active] replacement OS: File(Image)'],
  isHandedOver: true,
  kernel: {
    hasSpoken: true,
    isPastStart: true,
    isQuiet: false,
    banners: [banner],
    commandLines: [`root=/dev/vda ${nonce}`],
  },
  userspace: { version: banner, commandLine: `root=/dev/vda ${nonce}`, buildId },
}

const silent = { hasSpoken: false, isPastStart: false, isQuiet: false, banners: [], commandLines: [] }

function broken(evidence: Partial<BootEvidence>): readonly LinkName[] {
  return judgeBoot({ ...good, ...evidence })
    .links.filter(({ status }) => status === 'missing' || status === 'differs')
    .map(({ link }) => link)
}

const isProven = (evidence: Partial<BootEvidence>) => judgeBoot({ ...good, ...evidence }).result === 'proven'

describe('The proof of a boot', () => {
  it('holds when every link is there, and names its stage', () => {
    const { result, stage, links } = judgeBoot(good)
    assert.equal(result, 'proven')
    assert.equal(stage, 'userspace')
    assert.deepEqual(
      links.map(({ link, status }) => `${link} ${status}`),
      [
        ...['published proven', 'fetched proven', 'boot-command proven', 'handed-over proven'],
        ...['banner proven', 'command-line proven', 'version proven', 'nonce proven', 'build-id proven'],
      ],
    )
  })

  it('is not needed where the board boots what it has, and tells what was seen', () => {
    const { result, links, seen } = judgeBoot({ ...good, expected: undefined, nonce: undefined, files: [] })
    assert.equal(result, 'not-needed')
    assert.deepEqual(links, [])
    assert.equal(seen.banner, banner)
  })

  describe('breaks at', () => {
    it('a file that was never fetched to its end', () => {
      const fetches: FileFetch[] = [{ ...fetched, end: 'aborted', acknowledgedBytes: 12 }]
      assert.deepEqual(broken({ files: [{ file: image, fetches, read: undefined }] }), ['fetched'])
      assert.deepEqual(broken({ files: [{ file: image, fetches: [], read: undefined }] }), ['fetched'])
    })

    it('a file of which the server sent other bytes', () => {
      const fetches: FileFetch[] = [{ ...fetched, sha256: 'b'.repeat(64) }]
      assert.deepEqual(broken({ files: [{ file: image, fetches, read: 'checksum' }] }), ['fetched'])
    })

    it('a file nobody can tell about', () => {
      assert.deepEqual(broken({ files: [{ file: image, fetches: undefined, read: undefined }] }), ['fetched'])
    })

    it('an override that was not reported', () => {
      assert.deepEqual(broken({ overridden: [] }), ['boot-command'])
    })

    it('a payload that nobody booted', () => {
      const { result, stage } = judgeBoot({
        ...good,
        ...{ command: undefined, isHandedOver: false, kernel: silent },
      })
      assert.equal(result, 'broken')
      assert.equal(stage, 'userspace')
      assert.deepEqual(broken({ command: undefined }), ['boot-command'])
    })

    it('the banner of another kernel', () => {
      const other = 'Linux version 6.1.0 (stock@there) (gcc 12) #1 SMP 2025-01-01'
      assert.deepEqual(broken({ kernel: { ...good.kernel, banners: [other] }, userspace: undefined }), [
        'banner',
      ])
      assert.deepEqual(
        broken({
          kernel: { ...good.kernel, banners: [other] },
          userspace: { version: other, commandLine: nonce, buildId },
        }),
        ['banner', 'version'],
      )
    })

    it('the command line of an earlier boot', () => {
      const stale = 'hil.payload=0123456789ab-00000000'
      const kernel = { ...good.kernel, commandLines: [stale] }
      assert.deepEqual(broken({ kernel, userspace: undefined }), ['command-line'])
      const userspace = { version: banner, commandLine: stale, buildId }
      assert.deepEqual(broken({ userspace }), ['nonce'])
    })

    it('the build-id of another build with the same release and banner', () => {
      const userspace = { version: banner, commandLine: nonce, buildId: 'cd'.repeat(20) }
      assert.deepEqual(broken({ userspace }), ['build-id'])
    })

    it('a console that shows neither banner nor command line, where userspace can not be asked', () => {
      const kernel = { ...silent, hasSpoken: true, isPastStart: true }
      assert.deepEqual(broken({ kernel, userspace: undefined }), ['banner', 'command-line'])
      const blind = { version: undefined, commandLine: undefined, buildId: undefined }
      assert.deepEqual(broken({ kernel: silent, userspace: blind }), ['version', 'nonce'])
    })
  })

  describe('holds in spite of', () => {
    it('a last acknowledgement that was lost, once the bootloader has gone on', () => {
      const files = [{ file: image, fetches: [unconfirmed], read: undefined }]
      assert.ok(isProven({ files }))
      assert.match(
        judgeBoot({ ...good, files }).links[1]?.evidence ?? '',
        /1000 bytes sent; the last acknowledgement was lost/,
      )
      const before = { files, isHandedOver: false, kernel: silent, userspace: undefined }
      assert.deepEqual(broken(before), ['fetched', 'handed-over'])
    })

    it('a kernel that dies before its first line: what was handed over is proven', () => {
      const evidence = { kernel: silent, userspace: undefined }
      assert.ok(isProven(evidence))
      assert.equal(judgeBoot({ ...good, ...evidence }).stage, 'handed-over')
    })

    it('a kernel that dies after its banner, before it has said its command line', () => {
      const kernel = { ...silent, hasSpoken: true, banners: [banner] }
      assert.ok(isProven({ kernel, userspace: undefined }))
      const later = { ...kernel, isPastStart: true }
      assert.deepEqual(broken({ kernel: later, userspace: undefined }), ['command-line'])
    })

    it('a server that tells nothing, when the board computed the checksum; that is then the weakest link', () => {
      const evidence = { files: [{ file: image, fetches: undefined, read: 'checksum' as const }] }
      assert.ok(isProven(evidence))
      assert.match(judgeBoot({ ...good, ...evidence }).weakest ?? '', /^Image fetched in full: .*CRC32/)
    })

    it('a banner that came garbled, when /proc/version is right', () => {
      assert.ok(isProven({ kernel: { ...good.kernel, banners: [banner.replace('gcc', 'g�c')] } }))
    })

    it('a kernel that was told to be quiet', () => {
      const kernel = { ...silent, hasSpoken: true, isPastStart: true, isQuiet: true }
      assert.ok(isProven({ kernel, userspace: undefined }))
    })

    it('a command line that the kernel broke into two lines', () => {
      assert.ok(isProven({ kernel: { ...good.kernel, commandLines: ['root=/dev/vda \\', nonce] } }))
    })

    it("a kernel of the board's own, of which nothing is known", () => {
      assert.ok(isProven({ expected: { nonce: '0123456789ab', kernel: undefined } }))
    })

    it('lines that have not come yet, while the boot goes on', () => {
      const evidence = {
        ...good,
        kernel: { ...silent, hasSpoken: true, isPastStart: true },
        userspace: undefined,
      }
      assert.equal(judgeBoot(evidence, false).result, 'proven')
      assert.equal(judgeBoot(evidence, true).result, 'broken')
    })
  })
})
