//! Arguments into requests, reports into output.

mod agent;
mod doctor;
mod guard;
mod hook;
mod import;
mod nearest;
pub(crate) mod parse;
mod pass;
pub(crate) mod progress;
mod read;
mod recovery;
mod scan;
mod setup;
mod store;
mod verify;

use std::sync::LazyLock;
use std::time::Duration;

use secrets::ops::answers::Script;
use secrets::ops::{Context, Notice};
use secrets::storage::audit::Actor;
use secrets::storage::state::State;
use secrets::storage::vault::is_member_name;

use self::progress::Progress;
use crate::args::{Agent, Cli, Command, Global, Guard, Recovery};
use crate::failure::{Code, Failure};
use crate::output::Printer;
use crate::{environment, generated, mcp};

/// Runs a command and gives the exit code.
pub(crate) fn run(cli: &Cli) -> u8 {
    let printer = Printer::new(&cli.global);
    match dispatch(cli, &printer) {
        Ok(exit) => exit,
        Err(failure) => {
            let failure = match changes(&cli.command) {
                true => failure.after_a_change(),
                false => failure,
            };
            printer.failure(&failure);
            match cli.command {
                Command::Run(_) => crate::run::exit_code(&failure),
                _ => failure.exit,
            }
        }
    }
}

/// Whether a command changes something before it answers. Not so `recovery add`: a key that nobody
/// got is taken back.
fn changes(command: &Command) -> bool {
    match command {
        Command::Set(args) => !args.dry_run,
        Command::Generate(args) => !args.dry_run,
        Command::Rotate(args) => !args.dry_run,
        Command::Restore(args) => !args.dry_run,
        Command::Rollback(args) => !args.dry_run,
        Command::Rm(args) => !args.dry_run,
        Command::Mv(args) => !args.dry_run,
        Command::Prune(args) => !args.dry_run,
        Command::Import(args) => !args.dry_run,
        Command::Agent(Agent::Install(args) | Agent::Uninstall(args)) => !args.dry_run,
        Command::Init(args) => !args.recovery && !args.dry_run,
        Command::Link(args) => !args.dry_run,
        Command::Unlink(args) => !args.dry_run,
        Command::Guard(Guard::Install(args) | Guard::Uninstall(args)) => !args.dry_run,
        Command::Recovery(Recovery::Use(args)) => !args.dry_run,
        Command::Doctor(args) => args.fix,
        _ => false,
    }
}

type Exit = Result<u8, Failure>;

/// What stands before everything that a dry run says.
fn would(dry_run: bool) -> &'static str {
    if dry_run { "would have: " } else { "" }
}

fn dispatch(cli: &Cli, printer: &Printer) -> Exit {
    match &cli.command {
        Command::Completions(completions) => {
            let script = generated::completions(completions.shell);
            let script = &String::from_utf8_lossy(&script);
            if printer.json {
                let shell = &completions.shell.to_string();
                printer.json(&Script { shell, script })?;
            } else {
                printer.out(script)?;
            }
            Ok(0)
        }
        Command::Man(man) => setup::manual(man, printer),
        Command::Hook(args) => {
            // Nobody listens: what is printed here would be taken for the answer.
            let context = context(&cli.global, &|_| {}).ok();
            Ok(hook::hook(context.as_ref(), args, printer))
        }
        Command::Mcp(args) => mcp::serve(&cli.global, args, printer),
        command => {
            let progress =
                Progress::new(matches!(command, Command::Verify(_) | Command::Import(_)));
            let notice = |notice: Notice<'_>| progress.notice(printer, &notice);
            let context = context(&cli.global, &notice)?;
            let exit = match command {
                Command::Init(args) => return setup::init(context, args, printer),
                Command::Link(args) => setup::link(&context, args, printer),
                Command::Unlink(args) => setup::unlink(&context, args, printer),
                Command::Projects => setup::projects(&context, printer),
                Command::Set(args) => store::set(&context, args, printer),
                Command::Get(args) => read::get(&context, args, printer),
                Command::List(args) => read::list(&context, args, printer),
                Command::Verify(args) => verify::verify(&context, args, printer, &progress),
                Command::Generate(args) => store::generate(&context, args, printer),
                Command::Rotate(args) => store::rotate(&context, args, printer),
                Command::Restore(args) => store::restore(&context, args, printer),
                Command::Rollback(args) => store::rollback(&context, args, printer),
                Command::Rm(args) => store::rm(&context, args, printer),
                Command::Mv(args) => store::mv(&context, args, printer),
                Command::Prune(args) => store::prune(&context, args, printer),
                Command::Import(args) => import::import(&context, args, printer, &progress),
                Command::Diff(args) => read::diff(&context, args, printer),
                Command::History(args) => read::history(&context, args, printer),
                Command::Log(args) => read::log(&context, args, printer),
                Command::Doctor(args) => doctor::doctor(&context, args, &cli.global, printer),
                Command::Recovery(args) => recovery::recovery(&context, args, printer),
                Command::Agent(args) => agent::agent(&context, args, printer),
                Command::Export(args) => pass::export(&context, args, printer),
                Command::Run(args) => pass::run(&context, args, printer),
                Command::Guard(args) => guard::guard(&context, args, printer),
                Command::Scan(args) => scan::scan(&context, args, printer),
                Command::Completions(_) | Command::Man(_) | Command::Hook(_) | Command::Mcp(_) => {
                    Ok(0)
                }
            };
            exit.map_err(|failure| nearest::suggest(&context, command, failure))
        }
    }
}

/// Where everything is, and who acts, after flags, environment and defaults.
pub(crate) fn context<'a>(
    global: &Global,
    notice: &'a (dyn Fn(Notice<'_>) + Sync),
) -> Result<Context<'a>, Failure> {
    let places =
        environment::places(
            global.vault.as_deref(),
            global.identity.as_deref(),
            global.config.as_deref(),
        )
        .map_err(|_| {
            Failure::new(Code::NoHome, "there is no home directory to keep the vault in").hint(
            "set HOME, or SECRETS_VAULT, SECRETS_IDENTITY_FILE, SECRETS_CONFIG and SECRETS_STATE",
        )
        })?;
    let user = environment::user();
    Ok(Context {
        vault: places.vault,
        identity: places.identity,
        config: places.config,
        state: State::new(places.state),
        wait: Duration::from_secs(global.wait),
        actor: actor(user.as_deref()),
        member: member(user.as_deref()),
        may_create: !environment::is_ci(),
        git: LazyLock::new(|| environment::program("git")),
        notice,
    })
}

/// Who acts: the user, with this program's command line.
fn actor(user: Option<&str>) -> Actor {
    let user = user.unwrap_or("unknown").chars();
    Actor {
        user: user.filter(|c| !c.is_control()).take(64).collect(),
        program: format!("command line {}", env!("CARGO_PKG_VERSION")),
    }
}

/// The user's name as the name of a member.
fn member(user: Option<&str>) -> String {
    let name: String = user
        .unwrap_or_default()
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(64)
        .collect();
    let name = name.trim_matches('-');
    if is_member_name(name) {
        name.to_owned()
    } else {
        "me".to_owned()
    }
}
