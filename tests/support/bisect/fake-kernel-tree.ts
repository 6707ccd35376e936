import type { Files } from '../git-history.ts'

export const fakeConfig =
  '#\n# x\n# Linux/arm64 6.1.0 Kernel Configuration\n#\nCONFIG_RD_GZIP=y\nCONFIG_LOCALVERSION_AUTO=y\nCONFIG_DRIVER=m\n'

/** An arm64 Image (Documentation/arch/arm64/booting.rst) that only says its release; all of its bytes are ASCII. */
const image = (() => {
  const bytes = Buffer.alloc(512)
  bytes.writeBigUInt64LE(4096n, 16)
  bytes.write('ARM\x64', 56, 'latin1')
  bytes.write('Linux version 6.1.0-test (me@here) (gcc 12) #1 SMP\n\0', 128, 'latin1')
  return bytes.toString('latin1')
})()

/**
 * A tree that make builds as if it were a kernel: `Image` is what is in `code`, and `broken` does not compile.
 * A symbol that Kconfig does not list is lost by `olddefconfig`.
 */
export function fakeKernelTree(code: string): Files {
  return {
    'image.base': image,
    code,
    Kconfig: 'RD_GZIP\nDRIVER\n',
    Makefile: `
boot := $(O)/arch/$(ARCH)/boot
.PHONY: all olddefconfig Image
all: Image
olddefconfig:
	@mkdir -p $(O)/include/config
	@{ sed -n '/^#/p' $(O)/.config; for symbol in $$(cat Kconfig); do grep "^CONFIG_$$symbol=" $(O)/.config; done; } > $(O)/.config.new; true
	@mv $(O)/.config.new $(O)/.config
	@echo 6.1.0-test$(LOCALVERSION) > $(O)/include/config/kernel.release
Image: $(boot)/Image
$(boot)/Image: code image.base
	@echo '  CC      main.o'
	@mkdir -p $(boot)
	@if grep -q broken code; then echo "code:3:5: error: unknown type name 'broken'" >&2; exit 1; fi
	@if grep -q full code; then echo "cat: write error: No space left on device" >&2; exit 1; fi
	@if grep -q lack code; then echo "/bin/sh: 1: bc: not found" >&2; exit 1; fi
	@cat image.base code > $@
	@echo "built at $(KBUILD_BUILD_TIMESTAMP) by $(KBUILD_BUILD_USER)@$(KBUILD_BUILD_HOST)" >> $@
`,
  }
}
