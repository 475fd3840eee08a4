import Testing

extension EndToEnd {
    @Suite struct HelpTests {
        @Test(
            "The help of every subcommand shows an example", .timeLimit(.minutes(4)),
            arguments: [
                "run", "check", "devices", "doctor", "capture", "watch", "prompt", "status", "snapshot", "preview", "record", "replay", "export",
                "track", "avs", "draw", "import", "models", "evaluate", "bench",
            ])
        func help(subcommand: String) async throws {
            for arguments in [["help", subcommand], [subcommand, "--help"]] {
                let outcome = try await AuraldProcess.run(arguments)
                #expect(outcome.status == 0)
                #expect(outcome.errors == "")
                #expect(outcome.output.contains("USAGE: aurald \(subcommand)"))
                // The example is one that can be typed as it stands: the command with something behind it.
                let examples = outcome.output.matches(of: /Examples?:\s+aurald (\w+) \S/)
                #expect(examples.map { String($0.1) } == [subcommand])
            }
        }

        @Test("The program's own help lists the subcommands", .timeLimit(.minutes(4)))
        func ownHelp() async throws {
            for arguments in [[], ["--help"], ["help"]] {
                let outcome = try await AuraldProcess.run(arguments)
                #expect(outcome.status == 0)
                for subcommand in [
                    "run", "check", "devices", "doctor", "capture", "watch", "prompt", "status", "snapshot", "preview", "record", "replay",
                    "export", "track", "avs", "draw", "import", "models", "evaluate", "bench",
                ] {
                    #expect(outcome.output.contains("\n  \(subcommand) "))
                }
            }
        }

        @Test("--version prints a semantic version and nothing else", .timeLimit(.minutes(4)))
        func version() async throws {
            let outcome = try await AuraldProcess.run(["--version"])
            #expect(outcome.status == 0)
            #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
            #expect(outcome.errors == "")
        }

        @Test(
            "What cannot be understood ends with 64 and names it", .timeLimit(.minutes(4)),
            arguments: [
                (["frobnicate"], "frobnicate"),
                (["--frobnicate"], "--frobnicate"),
                (["watch", "--frobnicate"], "--frobnicate"),
                (["track"], "--model"),
                (["track", "--model", "m", "--prompt", "[]"], "--video"),
                (["import", "--untrained", "sam2.1_hiera_tiny"], "--output"),
                (["import", "--output", "m"], "--sam2"),
                (["import", "--sam2", "a.pt", "--untrained", "sam2.1_hiera_tiny", "--output", "m"], "--untrained"),
                (["bench", "--model", "m", "--frames", "0"], "--frames"),
                (["avs", "--model", "m"], "--clip"),
                (["evaluate", "--model", "m", "--dataset", "avsbench", "--root", "r"], "--subset"),
                (["evaluate", "--model", "m", "--dataset", "ref-avs", "--root", "r", "--subset", "v1s"], "--subset"),
                (["evaluate", "--model", "m", "--dataset", "ref-avs", "--root", "r", "--limit", "0"], "--limit"),
                (["evaluate", "--model", "m", "--dataset", "davis", "--root", "r"], "davis"),
                (["bench", "--model", "m", "--objects", "65"], "--objects"),
                (["bench", "--model", "m", "--precision", "f16"], "f16"),
                (["run", "--log-level", "loud"], "loud"),
                (["check", "--dump", "--schema"], "--schema"),
                (["record"], "--output"),
                (["record", "-o", "x", "--max-age", "soon"], "--max-age"),
                (["record", "-o", "x", "--max-size", "-1"], "--max-size"),
                (["replay", "x", "--speed", "0"], "--speed"),
                (["export", "x", "-o", "y", "--format", "gif"], "gif"),
                (["models", "verify"], "folder"),
                (["prompt"], "--object"),
                (["prompt", "--object", "1"], "--point"),
                (["prompt", "--object", "1", "--point", "0.5"], "--point 0.5"),
                (["prompt", "--object", "1", "--point", "1.5,0.5"], "--point 1.5,0.5"),
                (["prompt", "--object", "1", "--negative", "a,b"], "--negative a,b"),
                (["prompt", "--object", "1", "--box", "0.1,0.1,0.5"], "--box 0.1,0.1,0.5"),
                (["prompt", "--object", "1", "--box", "nan,0.1,0.5,0.5"], "--box nan"),
            ])
        func misuse(arguments: [String], named: String) async throws {
            let outcome = try await AuraldProcess.run(arguments)
            #expect(outcome.status == 64)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains(named), "\(outcome.errors)")
        }
    }
}
