import assert from 'node:assert/strict'
import { join } from 'node:path'
import { doubtsAbout } from '../../../../../src/app/bisect/culprit/doubts.ts'
import { readNamedCommit } from '../../../../../src/app/bisect/culprit/read-commit.ts'
import { openRepository } from '../../../../../src/app/commits/git/repository.ts'
import { startDeadline, type Deadline } from '../../../../../src/core/deadline.ts'
import { GitHistory, type Files } from '../../../../support/git-history.ts'
import { describeWith } from '../../../../support/requirements.ts'
import { useScratch } from '../../../codecs/oracle.ts'

describeWith(['git'], 'a commit that is about to be named', () => {
  const scratch = useScratch()
  let t: Deadline
  let history: GitHistory

  beforeEach(() => {
    t = startDeadline(60_000, 'the test')
    history = new GitHistory(join(scratch(), 'linux'))
    history.commit('first', before)
  })

  afterEach(() => t[Symbol.dispose]())

  const code = 'int a(void)\n{\n\t/* why */\n\treturn 1; // what\n}\nchar *s = "/* no comment */";\n'
  const before: Files = {
    ...{ 'net/a.c': code, 'Documentation/a.rst': 'x', 'arch/x86/b.c': code, 'arch/arm/xen/c.c': code },
    ...{ 'tools/testing/selftests/t.c': code, 'net/Kconfig': 'config NET\n\tdefault n\n', MAINTAINERS: 'x' },
    ...{ 'net/Makefile': 'obj-y += a.o # comment\n', 'net/blob.bin': '\0one' },
    'arch/arm64/boot/dts/acme/one.dts': '/ { compatible = "acme,one", "acme,soc"; };\n',
    'arch/arm64/boot/dts/acme/soc.dtsi': '/ { x; };\n',
  }
  const target = { architecture: 'arm64', compatible: ['acme,two'] }

  async function kinds(commit = history.head(), compatible = target.compatible) {
    const repository = await openRepository(history.directory, t)
    const named = await readNamedCommit(repository, commit)
    return doubtsAbout(named, { ...target, compatible }).map(({ kind }) => kind)
  }

  const cases: readonly (readonly [title: string, files: Files, expected: readonly string[]])[] = [
    ['is not doubted when it changes code', { 'net/a.c': code.replace('1', '2') }, []],
    [
      'is not doubted when it changes code and a comment',
      { 'net/a.c': code.replace('why', '').replace('1', '2') },
      [],
    ],
    [
      'is not doubted when it changes what looks like a comment in a string',
      { 'net/a.c': code.replace('no', 'a') },
      [],
    ],
    [
      'is doubted when it changes comments',
      { 'net/a.c': code.replace('why', 'because').replace('what', '') },
      ['comments'],
    ],
    ['is doubted when it changes white space', { 'net/a.c': code.replaceAll('\t', '    ') }, ['comments']],
    [
      'is doubted when it changes comments of a make file',
      { 'net/Makefile': 'obj-y += a.o\n' },
      ['comments'],
    ],
    ['is not doubted when it changes a make file', { 'net/Makefile': 'obj-y += b.o\n' }, []],
    [
      'is doubted when it changes documentation',
      { 'Documentation/a.rst': 'y', MAINTAINERS: 'y' },
      ['documentation'],
    ],
    ['is doubted when it changes tests', { 'tools/testing/selftests/t.c': 'x' }, ['tests']],
    [
      'is doubted when it changes another architecture',
      { 'arch/x86/b.c': 'x', MAINTAINERS: 'y' },
      ['other-architecture'],
    ],
    ['is not doubted when it changes what arm64 has of arm', { 'arch/arm/xen/c.c': 'x' }, []],
    [
      'is not doubted when it changes another architecture and code',
      { 'arch/x86/b.c': 'x', 'net/a.c': 'x' },
      [],
    ],
    [
      'is doubted when it changes the device tree of another board',
      { 'arch/arm64/boot/dts/acme/one.dts': '/ { };\n' },
      ['other-board'],
    ],
    [
      'is not doubted when it changes a part of device trees',
      { 'arch/arm64/boot/dts/acme/soc.dtsi': '/ { y; };\n' },
      [],
    ],
    [
      'is doubted when it changes a default',
      { 'net/Kconfig': 'config NET\n\tdefault y\n' },
      ['configuration'],
    ],
    ['is not doubted when it changes what git does not show', { 'net/blob.bin': '\0two' }, []],
    ['is not doubted when it removes a file', { 'net/a.c': null }, []],
    ['is not doubted when it adds a file', { 'net/new file.c': code }, []],
  ]
  for (const [title, files, expected] of cases) {
    it(title, async () => {
      history.commit('second', files)
      assert.deepEqual(await kinds(), expected)
    })
  }

  it('is not doubted when it changes the device tree of the board', async () => {
    history.commit('second', { 'arch/arm64/boot/dts/acme/one.dts': '/ { compatible = "acme,one"; };\n' })
    assert.deepEqual(await kinds(history.head(), ['acme,two', 'acme,one']), [])
  })

  it('is doubted when it is a merge, or a release', async () => {
    const base = history.head()
    const side = history.commit('side', { 'net/side.c': 'x' })
    history.checkout(base)
    history.commit('own', { 'net/own.c': 'x' })
    assert.deepEqual(await kinds(history.merge(side)), ['merge'])
    history.commit('Linux 6.18-rc1', { Makefile: 'EXTRAVERSION = -rc1\n' })
    history.tag('v6.18-rc1')
    assert.deepEqual(await kinds(), ['release'])
  })
})
