import assert from 'node:assert/strict'
import { readKernelLog } from '../../../src/kernel/read-kernel-log.ts'
import { signatureOf } from '../../../src/kernel/splats/signature.ts'
import { isLavaDirectory, lavaKind, readLavaLogs } from '../../support/lava-logs.ts'
import { readLabelledLogs, type LabelledLog } from '../../support/labelled-logs.ts'

const directory = process.env['HIL_KERNEL_LOG_CORPUS']

/** Kinds of findings the labellers have no titles for; theirs comes after, if there is one. */
const unlabelled = new Set([
  ...['out-of-memory', 'deferred-probe', 'initcall', 'systemd', 'no-root', 'initramfs', 'no-init'],
  ...['bootloader', 'serror', 'reset'],
])

/**
 * Titles are equal when their signatures are. What the labellers call "in corrupted" has no place here;
 * the numbers they take out of titles are taken out of ours.
 */
function normalise(title: string): string {
  return signatureOf(title.replace(/:? (?:in )?corrupted/, '').replace('.part.NUM', ''))
    .replaceAll(/\b(?:NUM|ADDR)\b/g, 'N')
    .toLowerCase()
}

/** A report that is cut short has "in corrupted" from the labellers, and may have a function from us. */
function titleFound({ log, title }: LabelledLog): string | undefined {
  const found = readKernelLog(log).findings.find(({ kind }) => !unlabelled.has(kind))
  const isCorrupted = found?.corrupted !== undefined && title?.includes('in corrupted') === true
  return isCorrupted ? found.title.replace(/ in \S{1,200}$/, '') : found?.title
}

function graveIn(log: Buffer) {
  return readKernelLog(log, { knowsPower: false }).findings.filter(({ level }) => level !== 'info')
}

// Others' logs are not part of the project: HIL_KERNEL_LOG_CORPUS names a directory of them.
if (directory !== undefined && isLavaDirectory(directory))
  describe("LAVA's logs", () => {
    for (const { file, log, kinds, isFatal } of readLavaLogs(directory)) {
      it(`has in ${file} what LAVA finds in it`, () => {
        const found = graveIn(log)
        if (isFatal) assert.ok(found.some(({ level }) => level === 'fatal'))
        else if (kinds.length === 0) assert.deepEqual(found, [])
        else
          assert.equal(
            found.map(lavaKind).find((kind) => kind !== undefined),
            kinds[0],
          )
      })
    }
  })
else if (directory !== undefined)
  describe('logs labelled by others', function () {
    this.timeout(120_000)

    const logs = readLabelledLogs(directory)

    it('gives 95 of 100 logs the title others gave them', (): void => {
      const titled = logs.filter(({ title }) => title !== undefined)
      const wrong = titled
        .map((log) => ({ ...log, found: titleFound(log) }))
        .filter(({ title, found }) => found === undefined || normalise(found) !== normalise(title ?? ''))
      const share = 1 - wrong.length / titled.length
      const list = wrong.map(({ file, title, found }) => `${file}: ${title}\n    found ${found ?? 'nothing'}`)
      const summary = `${titled.length - wrong.length} of ${titled.length} right (${(share * 100).toFixed(1)} %)`
      process.stdout.write(`      ${summary}\n`)
      assert.ok(share >= 0.95, [summary, ...list].join('\n'))
    })

    it('finds nothing above info in logs that others find harmless', () => {
      const alarms = logs
        .filter(({ title }) => title === undefined)
        .flatMap(({ file, log }) => {
          const grave = readKernelLog(log).findings.filter(({ level }) => level !== 'info')
          return grave.map(({ title }) => `${file}: ${title}`)
        })
      assert.deepEqual(alarms, [])
    })
  })
