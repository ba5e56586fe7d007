//! What variables of the environment do to the programs that find them.
//!
//! Owns: the one list of names that `run`, `export`, `set` and the MCP server ask ([`effect_of`]).
//! It has two tiers. A variable of the first makes a program load or run something ([`RunsCode`]), so
//! whoever can store a value could run programs as the user. A variable of the second sends a program
//! elsewhere: to another host, configuration or certificate ([`Redirects`]).
//!
//! Sources: ld.so(8), bash(1), zsh(1), git(1), less(1), gcc(1), the manuals of the interpreters,
//! package managers and cloud tools that are named here.
//!
//! Limits: the list cannot hold what every program takes. Names that an application chooses for its own
//! settings (`DJANGO_SETTINGS_MODULE`, `FLASK_APP`) are left out.
//!
//! [`RunsCode`]: Effect::RunsCode
//! [`Redirects`]: Effect::Redirects

/// What programs do because of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// They load or run something that its value names.
    RunsCode,
    /// They use another host, configuration, certificate or directory.
    Redirects,
}

/// Returns what programs may do because of this variable, if it is a known one. Upper and lower case
/// are the same: they are on Windows, and npm reads its own in both.
pub fn effect_of(name: &str) -> Option<Effect> {
    let name = name.to_ascii_uppercase();
    let name = name.as_str();
    if lists(REDIRECTS, name) || has_prefix(name, REDIRECT_PREFIXES) {
        return Some(Effect::Redirects);
    }
    if lists(RUNS_CODE, name) || STRICT_PREFIXES.iter().any(|p| name.starts_with(p)) {
        return Some(Effect::RunsCode);
    }
    if HARMLESS.iter().any(|harmless| name.starts_with(harmless)) || is_credential(name) {
        return None;
    }
    if has_prefix(name, PREFIXES) || is_python(name) {
        return Some(Effect::RunsCode);
    }
    name.ends_with("_PROXY").then_some(Effect::Redirects)
}

/// Whether a program that finds this variable may load or run something because of it.
pub fn runs_code(name: &str) -> bool {
    effect_of(name) == Some(Effect::RunsCode)
}

fn lists(names: &str, name: &str) -> bool {
    names.split_ascii_whitespace().any(|known| known == name)
}

fn has_prefix(name: &str, prefixes: &[&str]) -> bool {
    prefixes
        .iter()
        .any(|prefix| name.len() > prefix.len() && name.starts_with(prefix))
}

/// Python's own names have no underscore after `PYTHON`; other people's (`PYTHON_ENV`) have.
fn is_python(name: &str) -> bool {
    name.strip_prefix("PYTHON")
        .is_some_and(|rest| !rest.is_empty() && !rest.contains('_'))
}

/// Whether a name of one of the families below is a credential: `CARGO_REGISTRY_TOKEN`,
/// `LD_SDK_KEY`, `npm_config_//registry.example/:_authToken`. None of these programs runs anything
/// because of a name with such an end.
fn is_credential(name: &str) -> bool {
    const ENDS: &[&str] = &[
        "TOKEN",
        "PASSWORD",
        "PASSWD",
        "SECRET",
        "_KEY",
        "_AUTH",
        "_USERNAME",
        "_EMAIL",
        "_OTP",
    ];
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Beginnings that nobody but a loader, a shell, git or a profiler uses, whatever the end is.
const STRICT_PREFIXES: &[&str] = &[
    "BASH_FUNC_",
    "COR_PROFILER",
    "CORECLR_PROFILER",
    "DYLD_",
    "GIT_CONFIG",
    "LUA_CPATH",
    "LUA_INIT",
    "LUA_PATH",
];

/// Beginnings of families of names in which there are credentials, too.
const PREFIXES: &[&str] = &[
    "ANSIBLE_",
    "CARGO_",
    "CGO_",
    "CMAKE_",
    "COMPOSER_",
    "CORECLR_",
    "COR_",
    "DOTNET_ROOT",
    "LD_",
    "NPM_CONFIG_",
    "TF_CLI_ARGS",
];

/// Beginnings of names that would fall under a family, and change nothing that matters.
const HARMLESS: &[&str] = &[
    "ANSIBLE_HOST_KEY_CHECKING",
    "CARGO_INCREMENTAL",
    "CARGO_TERM_",
    "CGO_ENABLED",
    "NPM_CONFIG_AUDIT",
    "NPM_CONFIG_FUND",
    "NPM_CONFIG_LOGLEVEL",
    "PYTHONASYNCIODEBUG",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONFAULTHANDLER",
    "PYTHONHASHSEED",
    "PYTHONIOENCODING",
    "PYTHONOPTIMIZE",
    "PYTHONTRACEMALLOC",
    "PYTHONUNBUFFERED",
    "PYTHONUTF8",
];

/// Names, separated by white space.
const RUNS_CODE: &str = "
    ACKRC ANT_ARGS ANT_OPTS AR AS AUTOCONF AWS_PAGER BASHOPTS BASH_ENV BAT_PAGER
    BORG_PASSCOMMAND BORG_REMOTE_PATH BORG_RSH BROWSER BUNDLE_BIN BUNDLE_GEMFILE BUNDLE_PATH
    BUN_OPTIONS CAML_LD_LIBRARY_PATH CATALINA_OPTS CC CCACHE_COMPILER CCACHE_PREFIX CDPATH
    CFLAGS CLASSPATH CLOUDSDK_PYTHON CLOUDSDK_PYTHON_SITEPACKAGES COMPILER_PATH COMSPEC
    CONFIG_SHELL CPATH CPLUS_INCLUDE_PATH CPP CPPFLAGS CVS_RSH CXX CXXFLAGS C_INCLUDE_PATH
    DELTA_PAGER DOTNET_ADDITIONAL_DEPS DOTNET_SHARED_STORE DOTNET_STARTUP_HOOKS EDITOR
    ELECTRON_RUN_AS_NODE ELIXIR_ERL_OPTIONS EMACSLOADPATH ENV ERL_AFLAGS ERL_FLAGS ERL_LIBS
    ERL_ZFLAGS EXINIT F77 FC FCEDIT FPATH FZF_DEFAULT_COMMAND FZF_DEFAULT_OPTS
    FZF_DEFAULT_OPTS_FILE GCC_EXEC_PREFIX GCONV_PATH GDK_PIXBUF_MODULE_FILE GEM_HOME GEM_PATH
    GETCONF_DIR GHC_PACKAGE_PATH GH_BROWSER GH_EDITOR GH_PAGER GIO_EXTRA_MODULES GIO_MODULE_DIR
    GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_ASKPASS GIT_COMMON_DIR GIT_DIR GIT_EDITOR GIT_EXEC_PATH
    GIT_EXTERNAL_DIFF GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_PAGER GIT_PROXY_COMMAND
    GIT_SEQUENCE_EDITOR GIT_SHELL_PATH GIT_SSH GIT_SSH_COMMAND GIT_SSH_VARIANT GIT_TEMPLATE_DIR
    GIT_WORK_TREE GLIBC_TUNABLES GNUMAKEFLAGS GOBIN GOENV GOFLAGS GOPATH GOROOT GOTOOLCHAIN
    GOTOOLDIR GRADLE_OPTS GRADLE_USER_HOME GST_PLUGIN_PATH GST_PLUGIN_SYSTEM_PATH GS_LIB
    GS_OPTIONS GTK_MODULES GTK_PATH GUILE_LOAD_PATH GUNICORN_CMD_ARGS GVIMINIT HELM_PLUGINS
    HGEDITOR HGMERGE HGRCPATH IFS INPUTRC IPYTHONDIR JAVA_HOME JAVA_OPTIONS JAVA_OPTS
    JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS JULIA_DEPOT_PATH JULIA_LOAD_PATH JUPYTER_CONFIG_DIR
    JUPYTER_CONFIG_PATH JUPYTER_PATH JVM_OPTS KUBECTL_EXTERNAL_DIFF KUBE_EDITOR LD LDFLAGS LESS
    LESSCLOSE LESSEDIT LESSKEY LESSKEYIN LESSKEYIN_SYSTEM LESSKEY_CONTENT LESSKEY_SYSTEM
    LESSOPEN LIBGL_DRIVERS_PATH LIBRARY_PATH LOCPATH MAGICK_CODER_MODULE_PATH
    MAGICK_CONFIGURE_PATH MAILCAPS MAKE MAKEFILES MAKEFLAGS MANOPT MANPAGER MANROFFOPT
    MAVEN_ARGS MAVEN_OPTS MFLAGS MIX_ARCHIVES MIX_HOME MYPYPATH MYVIMRC NLSPATH NODE_OPTIONS
    NODE_PATH NODE_REPL_EXTERNAL_MODULE NULLCMD OCAMLPATH OPENSSL_CONF OPENSSL_ENGINES
    OPENSSL_MODULES PAGER PATH PATHEXT PERL5DB PERL5LIB PERL5OPT PERL5SHELL PERLLIB PERL_MB_OPT
    PERL_MM_OPT PHPRC PHP_INI_SCAN_DIR PKG_CONFIG PKG_CONFIG_LIBDIR PKG_CONFIG_PATH
    PROMPT_COMMAND PS0 PS1 PS2 PS4 PSMODULEPATH PSQLRC PSQL_EDITOR PSQL_PAGER PYTEST_ADDOPTS
    PYTEST_PLUGINS PYTHON_HISTORY PYTHON_PRESITE QML2_IMPORT_PATH QML_IMPORT_PATH QT_PLUGIN_PATH
    QT_QPA_PLATFORM_PLUGIN_PATH READNULLCMD RESTIC_PASSWORD_COMMAND RIPGREP_CONFIG_PATH
    RSYNC_CONNECT_PROG RSYNC_RSH RUBYLIB RUBYOPT RUBYSHELL RUSTC RUSTC_WORKSPACE_WRAPPER
    RUSTC_WRAPPER RUSTDOC RUSTDOCFLAGS RUSTFLAGS RUSTUP_HOME RUSTUP_TOOLCHAIN R_ENVIRON
    R_ENVIRON_USER R_HOME R_LIBS R_LIBS_USER R_PROFILE R_PROFILE_USER SASL_PATH SBT_OPTS SHELL
    SHELLOPTS SSH_ASKPASS SSH_SK_PROVIDER SUDO_ASKPASS SUDO_EDITOR SVN_EDITOR SVN_SSH
    SYSTEMD_EDITOR SYSTEMD_LESS SYSTEMD_PAGER SYSTEMROOT TAR_OPTIONS TCLLIBPATH TERMINFO
    TERMINFO_DIRS TF_CLI_CONFIG_FILE TF_REATTACH_PROVIDERS VIMINIT VIMRUNTIME VISUAL
    VK_ICD_FILENAMES VK_LAYER_PATH WINDIR YARN_PLUGINS YARN_RC_FILENAME YARN_YARN_PATH ZDOTDIR
    _JAVA_OPTIONS
";

const REDIRECT_PREFIXES: &[&str] = &[
    "AWS_CONTAINER_CREDENTIALS_",
    "AWS_ENDPOINT_URL",
    "CLOUDSDK_API_ENDPOINT_OVERRIDES_",
    "GIT_PROXY_SSL_",
    "GIT_SSL_",
    "GIT_TRACE",
];

/// Names, separated by white space.
const REDIRECTS: &str = "
    AWS_CA_BUNDLE AWS_CONFIG_FILE AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_SHARED_CREDENTIALS_FILE
    AZURE_CONFIG_DIR BOTO_CONFIG BUILDKIT_HOST CLOUDSDK_CONFIG CURL_CA_BUNDLE CURL_HOME
    DBUS_SESSION_BUS_ADDRESS DOCKER_CERT_PATH DOCKER_CONFIG DOCKER_CONTEXT DOCKER_HOST
    DOCKER_TLS_VERIFY GH_CONFIG_DIR GH_HOST GIT_ALLOW_PROTOCOL GIT_CEILING_DIRECTORIES GNUPGHOME
    GOINSECURE GONOSUMCHECK GONOSUMDB GOPRIVATE GOPROXY GOSUMDB HISTFILE HOME HOSTALIASES
    KRB5_CONFIG KUBECONFIG LESSHISTFILE LOCALDOMAIN MALLOC_TRACE MYSQL_HOME NETRC
    NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED NO_PROXY NPM_CONFIG_CAFILE
    NPM_CONFIG_HTTPS_PROXY NPM_CONFIG_PROXY NPM_CONFIG_REGISTRY PERLIO_DEBUG PGPASSFILE
    PGSERVICEFILE PGSYSCONFDIR PIP_CERT PIP_CONFIG_FILE PIP_EXTRA_INDEX_URL PIP_FIND_LINKS
    PIP_INDEX_URL PIP_TRUSTED_HOST REQUESTS_CA_BUNDLE RESOLV_HOST_CONF RES_OPTIONS
    RUSTUP_DIST_SERVER RUSTUP_UPDATE_ROOT SECRETS_CONFIG SECRETS_IDENTITY SECRETS_IDENTITY_FILE
    SECRETS_STATE SECRETS_VAULT SSH_AUTH_SOCK SSLKEYLOGFILE SSL_CERT_DIR SSL_CERT_FILE TEMP TMP
    TMPDIR USERPROFILE UV_CONFIG_FILE UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_INDEX UV_INDEX_URL
    WGETRC XDG_CACHE_HOME XDG_CONFIG_DIRS XDG_CONFIG_HOME XDG_DATA_DIRS XDG_DATA_HOME
    XDG_RUNTIME_DIR XDG_STATE_HOME YARN_NPM_REGISTRY_SERVER YARN_REGISTRY
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_in_both_lists() {
        for name in RUNS_CODE.split_ascii_whitespace() {
            assert_eq!(effect_of(name), Some(Effect::RunsCode), "{name}");
        }
    }

    #[test]
    fn loaders_shells_interpreters_and_build_tools_run_code() {
        for name in [
            "LD_PRELOAD",
            "LD_LIBRARY_PATH",
            "LD_AUDIT",
            "DYLD_INSERT_LIBRARIES",
            "BASH_ENV",
            "BASH_FUNC_ls%%",
            "ENV",
            "NODE_OPTIONS",
            "node_options",
            "PYTHONSTARTUP",
            "PYTHONWARNINGS",
            "PYTHONPYCACHEPREFIX",
            "PERL5OPT",
            "RUBYOPT",
            "JAVA_TOOL_OPTIONS",
            "GLIBC_TUNABLES",
            "PATH",
            "Path",
            "IFS",
            "PS4",
            "CC",
            "RUSTC_WRAPPER",
            "CARGO_BUILD_RUSTC_WRAPPER",
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER",
            "CARGO_REGISTRY_CREDENTIAL_PROVIDER",
            "GIT_SSH_COMMAND",
            "GIT_CONFIG_COUNT",
            "GIT_CONFIG_KEY_0",
            "LESSOPEN",
            "LESSKEY",
            "PYTEST_ADDOPTS",
            "npm_config_script_shell",
            "npm_config_userconfig",
            "AWS_PAGER",
            "CORECLR_PROFILER_PATH",
        ] {
            assert_eq!(effect_of(name), Some(Effect::RunsCode), "{name}");
        }
    }

    #[test]
    fn proxies_certificates_and_configurations_redirect() {
        for name in [
            "HTTP_PROXY",
            "https_proxy",
            "NO_PROXY",
            "SSL_CERT_FILE",
            "KUBECONFIG",
            "AWS_CONFIG_FILE",
            "AWS_ENDPOINT_URL_S3",
            "DOCKER_HOST",
            "HOME",
            "XDG_CONFIG_HOME",
            "GIT_SSL_NO_VERIFY",
            "NODE_EXTRA_CA_CERTS",
            "npm_config_registry",
            "npm_config_https_proxy",
            "SECRETS_VAULT",
        ] {
            assert_eq!(effect_of(name), Some(Effect::Redirects), "{name}");
        }
    }

    #[test]
    fn the_names_of_ordinary_secrets_and_settings_do_neither() {
        for name in [
            "STRIPE_API_KEY",
            "DATABASE_URL",
            "GITHUB_TOKEN",
            "GIT_TOKEN",
            "GIT_PASSWORD",
            "GIT_SSH_PRIVATE_KEY",
            "GIT_BRANCH",
            "GIT_AUTHOR_NAME",
            "CARGO_REGISTRY_TOKEN",
            "CARGO_REGISTRIES_INTERNAL_TOKEN",
            "CARGO_TERM_COLOR",
            "NODE_AUTH_TOKEN",
            "NODE_ENV",
            "npm_config_//registry.example.org/:_authToken",
            "NPM_CONFIG__AUTH",
            "LD_SDK_KEY",
            "LDAP_PASSWORD",
            "LESSON_SECRET",
            "ANSIBLE_VAULT_PASSWORD",
            "PYTHON_ENV",
            "PYTHONUNBUFFERED",
            "PYTHONANYWHERE_API_TOKEN",
            "PGPASSWORD",
            "RESTIC_PASSWORD",
            "ENVIRONMENT",
            "USERNAME",
            "PATHFINDER_KEY",
            "DJANGO_SETTINGS_MODULE",
        ] {
            assert_eq!(effect_of(name), None, "{name}");
        }
    }
}
