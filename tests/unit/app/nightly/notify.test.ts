import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { notify } from '../../../../src/app/nightly/notify/notify.ts'
import type { Plan } from '../../../../src/app/nightly/plan/plan.ts'
import { HilError } from '../../../../src/core/errors.ts'
import type { NightRecord } from '../../../../src/core/night-record.ts'
import { compareNights } from '../../../../src/report/nightly/compare-nights.ts'
import { nightSummary } from '../../../../src/report/nightly/night-summary.ts'
import { useScratch } from '../../codecs/oracle.ts'
import { asEarlier, pastNight } from './nights.ts'

type Mail = NonNullable<Plan['mail']>

const good = pastNight({ boot: ['passed', 1000], usb: ['passed', 1000] })
const bad = pastNight({ boot: ['passed', 1000], usb: ['test-failed', 1000] })

describe('who is told of a night', () => {
  const scratch = useScratch()
  let path: string | undefined
  beforeEach(async () => {
    path = process.env['PATH']
    process.env['PATH'] = `${scratch()}:${path}`
    await sendmailIs('printf "%s " "$@" > "$0.args"; cat > "$0.mail"')
  })
  afterEach(() => {
    process.env['PATH'] = path
  })

  async function sendmailIs(script: string): Promise<void> {
    const file = join(scratch(), 'sendmail')
    await writeFile(file, `#!/bin/sh\n${script}\n`)
    await chmod(file, 0o755)
  }

  /** @returns why somebody could not be told */
  function tell(record: NightRecord, last: NightRecord | undefined, on: Mail['on']) {
    const mail = { to: ['kernel@example.org'], from: 'lab@example.org', on, sendmail: true } as Mail
    const news = last === undefined ? {} : { last: compareNights(record, asEarlier(last), new Map()) }
    const summary = nightSummary(record, news, 'reports/n')
    return notify({ plan: { mail, webhooks: [] }, record, news, summary, place: 'reports/n' })
  }
  const wasTold = () => existsSync(join(scratch(), 'sendmail.mail'))

  it('gets a mail by the sendmail of the machine', async () => {
    assert.deepEqual(await tell(bad, good, 'change'), [])
    const mail = readFileSync(join(scratch(), 'sendmail.mail'), 'utf8')
    assert.match(mail, /^Subject: \[hil\] n: 1 of 2 failed$/m)
    assert.match(mail, /^To: kernel@example\.org$/m)
    assert.match(mail, /^since the last night: 1 new failure$/m)
    assert.match(mail, /^new: a\/p\/usb: test failed/m)
    assert.doesNotMatch(mail, /\r/)
    assert.match(readFileSync(join(scratch(), 'sendmail.args'), 'utf8'), /kernel@example\.org/)
  })

  it('is told nothing where nothing is new', async () => {
    assert.deepEqual(await tell(bad, bad, 'change'), [])
    assert.deepEqual(await tell(good, good, 'change'), [])
    assert.deepEqual(await tell(good, undefined, 'change'), [], 'the first night, and all passed')
    assert.equal(wasTold(), false)
  })

  it('is told of what was mended, and of what fails still where that is asked for', async () => {
    await tell(good, bad, 'failure')
    assert.equal(wasTold(), false)
    await tell(bad, bad, 'failure')
    assert.equal(wasTold(), true)
    await sendmailIs('cat > "$0.fixed"')
    await tell(good, bad, 'change')
    assert.match(readFileSync(join(scratch(), 'sendmail.fixed'), 'utf8'), /1 fixed/)
  })

  it('is told always, where that is wanted, and of a night that was stopped', async () => {
    await tell({ ...good, stopped: 'the hook "before" (false) failed: exit code 1' }, good, 'change')
    assert.match(readFileSync(join(scratch(), 'sendmail.mail'), 'utf8'), /^stopped: the hook "before"/m)
    await sendmailIs('cat > "$0.always"')
    await tell(good, good, 'always')
    assert.ok(existsSync(join(scratch(), 'sendmail.always')))
  })

  it('can not be told where sendmail refuses: that is said, and nothing else', async () => {
    await sendmailIs('cat > /dev/null; exit 75')
    const [failure, ...others] = await tell(bad, good, 'change')
    assert.deepEqual(others, [])
    assert.ok(failure instanceof HilError)
    assert.equal(failure.code, 'nightly.mail')
    assert.match(failure.message, /^sendmail does not take the mail to kernel@example\.org: .*75/)
  })
})
