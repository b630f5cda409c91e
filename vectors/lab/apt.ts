/**
 * Debian's archive, through apt with a root of its own: the machine's own packages and lists are neither
 * read nor changed. apt checks the signatures of lists and the checksums of packages.
 *
 * @module
 */
import { type DebianKernel, kernelsIn, packagePrefixes } from "./kernel_package.ts";
import { runProgram } from "./program.ts";

/** Where kernels from 5.10 on are. */
const sources: readonly (readonly [archive: string, suite: string])[] = [
  ["debian", "bullseye"],
  ["debian-security", "bullseye-security"],
  ["debian", "bookworm"],
  ["debian-security", "bookworm-security"],
  ["debian", "trixie"],
  ["debian-security", "trixie-security"],
  ["debian", "trixie-backports"],
];

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** apt with its root in a folder. */
export class Apt {
  readonly #folder: string;

  /** Makes the root, if it is not there. */
  constructor(folder: string) {
    this.#folder = folder;
    for (const each of ["state/lists/partial", "cache/archives/partial", "etc/apt.conf.d"]) {
      Deno.mkdirSync(`${folder}/${each}`, { recursive: true });
    }
    const lines = sources.map(([archive, suite]) =>
      `deb [arch=amd64 signed-by=${keyring}] http://deb.debian.org/${archive} ${suite} main\n`
    );
    Deno.writeTextFileSync(`${folder}/sources.list`, lines.join(""));
    Deno.writeTextFileSync(`${folder}/apt.conf`, configuration(folder));
  }

  /** Renews the lists; a sentence if apt fails. */
  async renew(): Promise<string | undefined> {
    const renewed = await this.#run("apt-get", "update", "--error-on=any");
    return typeof renewed === "string" ? renewed : undefined;
  }

  /** Renews the lists and reads which kernels there are; a sentence if apt fails. */
  async kernels(): Promise<readonly DebianKernel[] | string> {
    const failed = await this.renew();
    if (failed !== undefined) return failed;
    const names: string[] = [];
    for (const prefix of packagePrefixes) {
      const found = await this.#run("apt-cache", "pkgnames", prefix);
      if (typeof found === "string") return found;
      names.push(...found.output.split("\n").filter((name) => name.includes("amd64")));
    }
    const shown = await this.#run("apt-cache", "show", ...names.sort());
    return typeof shown === "string" ? shown : kernelsIn(shown.output);
  }

  /** Downloads packages to a folder; a sentence if apt fails. */
  async download(packages: readonly string[], folder: string): Promise<string | undefined> {
    const done = await this.#run(
      "sh",
      "-c",
      'cd "$0" && exec apt-get download "$@"',
      folder,
      ...packages,
    );
    return typeof done === "string" ? done : undefined;
  }

  async #run(program: string, ...args: readonly string[]): Promise<{ output: string } | string> {
    const environment = { APT_CONFIG: `${this.#folder}/apt.conf`, LC_ALL: "C" };
    return await runProgram(program, args, environment);
  }
}

function configuration(folder: string): string {
  return `Dir "${folder}";
Dir::State "state";
Dir::State::status "/dev/null";
Dir::Cache "cache";
Dir::Etc "etc";
Dir::Etc::sourcelist "${folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
`;
}
