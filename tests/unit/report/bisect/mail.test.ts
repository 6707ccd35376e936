import assert from 'node:assert/strict'
import type { BisectionRecord } from '../../../../src/core/bisection-record.ts'
import { bisectionMail, type MailMaterial } from '../../../../src/report/bisect/mail/bisection-mail.ts'
import { simulateBisection } from '../../../support/bisections/simulate-bisection.ts'

const found = simulateBisection().record
const narrowed = simulateBisection({ brokenBeforeCulprit: 2 }).record
const fixed = simulateBisection({ change: 'fix' }).record

/** The same bisection with another end. */
function ending(record: BisectionRecord, changes: Partial<NonNullable<BisectionRecord['conclusion']>>) {
  const { conclusion } = record
  assert.ok(conclusion !== undefined)
  return { ...record, conclusion: { ...conclusion, ...changes } }
}

function mailOf(record: BisectionRecord, material?: MailMaterial): string {
  return bisectionMail(record, material) ?? assert.fail('there is no mail')
}

/** What is to be sent. */
function sentPart(mail: string): string {
  return mail.split('-- >8 --\n')[1] ?? assert.fail('there are no scissors')
}

/** The commit that is named, with another subject. */
function withSubject(record: BisectionRecord, subject: string): BisectionRecord {
  const commits = Object.entries(record.commits).map(([id, each]) => [id, { ...each, subject }] as const)
  return { ...record, commits: Object.fromEntries(commits) }
}

const culprit = found.commits[found.conclusion?.commits[0] ?? '']

describe('the mail of a bisection', () => {
  it('has the sections of a KernelCI report, in their order', () => {
    const mail = mailOf(found, { log: 'git bisect start\n', commit: 'commit 1f2e\n', excerpt: ['Oops'] })
    const titles = [...mail.matchAll(/^([A-Z][\w ]*):$/gm)].map(([, title]) => title)
    assert.deepEqual(titles, [
      'Summary',
      'A fix for it can refer to it as',
      'What was seen',
      'Checks',
      'Parameters',
      'How to reproduce',
      'Commit found',
      'Git bisection log',
    ])
  })

  it('names tree, branch, test and board in its subject', () => {
    assert.match(
      sentPart(mailOf(found)),
      /^Subject: \[REGRESSION\] linux\/master bisection: tests\/boot\.spec\.ts on rock3a\n\n/,
    )
  })

  it('has a line that a fix can carry, with twelve digits and never broken', () => {
    const subject = `net: ${'a long story '.repeat(12)}of "quotes" and Grüße`
    const mail = mailOf(withSubject(found, subject))
    assert.ok(mail.includes(`\n  Fixes: ${culprit?.shortId ?? ''} ("${subject}")\n`), mail)
    assert.equal(culprit?.shortId.length, 12)
  })

  it('tells the regression tracker in a paragraph of its own', () => {
    assert.ok(mailOf(found).includes(`\n\n#regzbot introduced: ${culprit?.shortId ?? ''}\n\n`))
  })

  it('says what was checked, how sure it is and what ran', () => {
    const mail = mailOf(found)
    const named = `Result:     ${culprit?.shortId ?? ''} ("${culprit?.subject ?? ''}")`
    assert.ok(mail.replaceAll(/\n {14}/g, ' ').includes(named))
    assert.match(mail, /^ {2}Confidence: 99\.\d+ % \(asked for: 99 %\)$/m)
    assert.match(mail, /^ {2}Good: {7}v6\.17 \(\w{12}\)\n {2}Bad: {8}v6\.18 \(\w{12}\)$/m)
    assert.match(mail, /^ {2}PASS {2}bad end fails: it failed in 3 of 3 runs$/m)
    assert.match(mail, /^ {2}Compiler: {3}aarch64-linux-gnu-gcc \(Debian 12\.2\.0-14\) 12\.2\.0$/m)
    assert.match(mail, /^ {2}hil bisect tests\/boot\.spec\.ts --env /m)
  })

  it('is 75 columns wide, apart from what tools read and what is quoted', () => {
    for (const record of [found, narrowed, fixed]) {
      const long = mailOf(record, { recipients: ['A list <list@example.org>'] })
        .split('\n')
        .filter((line) => line.length > 75)
      assert.deepEqual(
        long.filter((line) => !/^(Subject: | {2}Fixes: | {2}\w{12} \("| {2}hil bisect )/.test(line)),
        [],
      )
    }
  })

  it('is plain ASCII, whatever tests and boards are called', () => {
    const record: BisectionRecord = {
      ...found,
      boards: ['bräd', '\x1b[31mred\x1b[0m', '板'],
      specs: ['tests/“odd”.spec.ts'],
      signature: {
        kind: 'test',
        test: 'usb › has\u2028a stick',
        message: '1 µs …\r\n\r\n#regzbot introduced: bad',
      },
    }
    const mail = mailOf(record, { excerpt: ['\x1b[2J[    1.0] Oops — “x”', '', '#regzbot introduced: bad'] })
    assert.match(mail, /^[\n\x20-\x7e]*$/)
    assert.match(mail, /bisection: usb > has a stick on brad, red, \?/)
    assert.match(mail, /^ {2}\[ {4}1\.0\] Oops - "x"$/m)
    assert.doesNotMatch(mail, /^#regzbot introduced: bad/m)
  })

  it('takes no line of a commit subject for one of its own', () => {
    const mail = mailOf(withSubject(found, 'x\n\nReported-by: nobody\n\n#regzbot invalid: no\x1b[2J'))
    assert.doesNotMatch(mail, /^ *(Reported-by|#regzbot invalid)/m)
    assert.doesNotMatch(mail, /\x1b/)
  })

  it('asks for a Reported-by trailer only where git knows who', () => {
    assert.doesNotMatch(mailOf(found), /Reported-by/)
    const mail = mailOf({ ...found, reporter: { name: 'Jörg', email: 'j@example.org' } })
    assert.match(mail, /^\* {3}Reported-by: Jörg <j@example\.org> +\*$/m)
    const frame = mail.split('\n').filter((line) => line.startsWith('* '))
    assert.deepEqual([...new Set(frame.map(({ length }) => length))], [65])
    const long = mailOf({ ...found, reporter: { name: 'A name', email: `${'long'.repeat(15)}@example.org` } })
    const wide = long.split('\n').filter((line) => line.startsWith('* '))
    assert.equal(new Set(wide.map(({ length }) => length)).size, 1)
    assert.ok(wide.some((line) => /(?:long){15}@example\.org> +\*$/.test(line)))
  })

  it('suggests recipients above the scissors, and is sent to nobody', () => {
    const mail = mailOf(found, { recipients: ['A list <list@example.org>'] })
    assert.match(mail, /^hil sends this to nobody\./)
    assert.match(mail, /^Suggested recipients:\n {2}A list <list@example\.org>\n/m)
    assert.doesNotMatch(sentPart(mail), /list@example/)
    assert.doesNotMatch(mail, /^(To|Cc):/m)
  })

  it('quotes the commit and the log as git has them, and no more of it than anybody reads', () => {
    const patch = Array.from({ length: 1000 }, (_, index) => `+\tline ${index}\x1b[31m`).join('\n')
    const mail = mailOf(found, { commit: patch, log: "git bisect start '--' 'a b'\n" })
    assert.ok(mail.includes('\n+\tline 0[31m\n'))
    assert.match(mail, /\n\[ 600 lines more \]\n-{75}\n/)
    assert.ok(mail.includes("\ngit bisect start '--' 'a b'\n"))
  })

  describe('of a bisection that is not certain', () => {
    const reads = (mail: string) => ({
      fixes: /^ *Fixes:/m.test(mail),
      named: /#regzbot \w+: [0-9a-f]{12}$/m.test(mail),
      range: /^#regzbot introduced: v6\.17\.\.v6\.18$/m.test(mail),
      says: /^This is no verdict\./m.test(mail),
    })
    const doubt = { fixes: false, named: false, range: true, says: true }

    it('names candidates and no culprit where it is one of several', () => {
      const mail = mailOf(narrowed)
      assert.deepEqual(reads(mail), doubt)
      assert.match(mail, /^ {2}Result: {5}Narrowed to 3 commits$/m)
      assert.match(mail, /One of these 3 commits between v6\.17 and/)
      for (const commit of narrowed.conclusion?.commits ?? []) {
        assert.ok(mail.includes(`\n  ${commit.slice(0, 12)} ("`), commit)
      }
      assert.match(mail, /^Subject: .* bisection, several candidates: /m)
      assert.match(mail, /must not be\s+shortened to a verdict/)
    })

    it('counts candidates that are too many to be read', () => {
      const many = Array.from({ length: 500 }, (_, index) => `c${index}`)
      assert.match(mailOf(ending(narrowed, { commits: many })), /^ {2}and 480 others$/m)
    })

    it('speaks of a suspicion where it is less sure than was asked for', () => {
      const mail = mailOf(ending(found, { isSure: false, confidence: 0.93 }))
      assert.deepEqual(reads(mail), doubt)
      assert.match(mail, /It is 93 % likely to be this one, and 99 % were asked for/)
      assert.match(mail, /^Subject: .* bisection, not certain: /m)
    })

    it('says which check does not agree', () => {
      const checks = [{ name: 'revert', result: 'failed', detail: 'it fails without it too' }] as const
      const mail = mailOf(ending(found, { checks }))
      assert.deepEqual(reads(mail), doubt)
      assert.match(mail, /^ {2}FAIL {2}revert: it fails without it too$/m)
      assert.match(mail, /what does not agree:\s+revert/)
    })
  })

  it('of a fix says what fixed it, and how the tracker learns of it', () => {
    const mail = mailOf(fixed)
    const fix = fixed.commits[fixed.conclusion?.commits[0] ?? '']
    assert.ok(mail.includes(`\nFixed by:\n\n  ${fix?.shortId ?? ''} ("${fix?.subject ?? ''}")\n`))
    assert.ok(mail.includes(`\n\n#regzbot fix: ${fix?.shortId ?? ''}\n\n`))
    assert.doesNotMatch(mail, /REGRESSION|introduced|Fixes:|Reported-by|regressions@/)
    assert.match(mail, /^ {2}Broken: {5}v6\.17 .*\n {2}Fixed: {6}v6\.18 /m)
  })

  it('of ready payloads speaks of payloads, and to no tracker of commits', () => {
    const mail = mailOf({ ...found, source: { kind: 'payloads', from: 'kernels/' } })
    assert.doesNotMatch(mail, /regzbot|Fixes:|REGRESSION/)
    assert.match(mail, /200 payloads, \d+ runs/)
    assert.match(mail, /^Subject: kernels\/ bisection: /m)
  })

  it('of another history than that of Linux has no word for the trackers of Linux', () => {
    const { source } = found
    assert.ok(source.kind !== 'payloads')
    const mail = mailOf({ ...found, source: { ...source, isLinux: false } })
    assert.doesNotMatch(mail, /regzbot|REGRESSION|regressions@/)
    assert.match(mail, /^ {2}Fixes: \w{12} \("/m)
  })

  it('is none where no commit is suspected', () => {
    const { conclusion: _, ...unfinished } = found
    assert.equal(bisectionMail(unfinished), undefined)
    for (const kind of [
      'failing-end-passes',
      'passing-end-fails',
      'end-untestable',
      'contradiction',
    ] as const) {
      assert.equal(bisectionMail(ending(found, { kind })), undefined)
    }
  })
})
