//! What a variable's name says about its value: the table of rules for names.

use std::sync::LazyLock;

use regex::bytes::RegexSet;

use crate::model::shape::{Evidence, compile};

/// What follows from a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The variable holds a secret.
    Secret,
    /// The variable may hold a secret: its value decides.
    Hint,
    /// The name only seems to say secret. These rules win over the others.
    Public,
}

pub(super) struct Rule {
    pub(super) kind: Kind,
    pub(super) evidence: Evidence,
    pub(super) pattern: &'static str,
}

const fn rule(kind: Kind, id: &'static str, phrase: &'static str, pattern: &'static str) -> Rule {
    Rule {
        kind,
        evidence: Evidence::new(id, phrase),
        pattern,
    }
}

/// The table. Names are in upper case, with `_` between words and without a suffix that names an
/// environment or a number. Within a kind the first rule that matches gives the evidence.
#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    // Names that only seem to say secret.
    rule(Kind::Public, "public_name", "is named as public", r"(?:^|_)(?:PUBLIC|PUBLISHABLE|PUB|ANON|SITE|SEARCH|SEARCH_ONLY)_?(?:API_?)?(?:KEY|TOKEN)S?(?:_|$)|(?:^|_)PUBLIC_(?:.*_)?(?:KEY|TOKEN)S?$|(?:^|_)(?:KEY|TOKEN)_(?:PUBLIC|PUB)$|(?:^|_)AUTHORIZED_KEYS?$|(?:^|_)(?:HOST_KEYS?|KNOWN_HOSTS|PUBKEYS?|FINGERPRINT)$"),
    rule(Kind::Public, "lookup_key", "names a key of a collection", r"(?:^|_)(?:PRIMARY|FOREIGN|SORT|PARTITION|SHARD|CACHE|INDEX|OBJECT|GROUP|GROUPING|LOOKUP|HOT|ARROW|TRANSLATION|I18N|LOCALE|LOCAL_STORAGE|STORAGE_OBJECT|ROUTING|HASH|RANGE|UNIQUE|NATURAL|SURROGATE|DEDUP|IDEMPOTENCY|REDIS|QUEUE|REGISTRY|CONFIG|DICT|JSON|CLAIM|METADATA|FEATURE|FLAG|CONTEXT|ISSUE|JIRA|JIRA_PROJECT|PROJECT|SPACE|SHORTCUT|KEYBOARD|HOTKEY|S3_OBJECT|S3)_?KEYS?$"),
    rule(Kind::Public, "about_a_secret", "says something about a secret", r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|CREDENTIAL|SALT|PRIVATE|DSN|PIN|COOKIE|JWT|SESSION|LICENSE|SEED|SIGNATURE)S?_(?:.*_)?(?:ALG|ALGO|ALGORITHM|ALGORITHMS|ARN|AUDIENCE|AUD|BACKEND|BACKENDS|BITS|BUCKET|BYTES|CACHE|CHARSET|CIDRS?|CLASS|CLASSES|COLUMN|COMPLEXITY|COST|COUNT|CURVE|DAYS|DELIMITER|DESCRIPTION|DIALECT|DIGITS|DIR|DIRECTORY|DNS|DOMAIN|DRIVER|DURATION|ENABLED|ENCODER|ENCODING|ENDPOINT|ENGINE|ERROR|EXPIRATION|EXPIRE|EXPIRES|EXPIRES?_AT|EXPIRES?_IN|EXPIRY|FIELD|FILE|FILENAME|FORMAT|GENERATOR|GRACE|HANDLER|HASHER|HASHERS|HASHING|HEADER|HEADERS|HELP|HINT|HISTORY|HOST|HOURS|HTTPONLY|IDS?|ID_HEADER|INTERVAL|IPS?|ISS|ISSUER|KIND|LABEL|LEEWAY|LEN|LENGTH|LEVEL|LIFETIME|LIMIT|LOCATION|MANAGER|MAX|MAXAGE|MAX_AGE|MESSAGE|METHOD|MIN|MINUTES|MODE|NAME|NAMES|NAMESPACE|NETWORK|OWNER|PARAM|PARAMETER|PATH|PATTERN|PLACEHOLDER|POLICY|PORT|PREFIX|PROMPT|PROVIDER|REGEX|REGION|REQUIRED|RESET|ROLE|ROTATION|ROUNDS|SAMESITE|SCHEME|SCOPES?|SECONDS|SECURE|SIZE|SOURCE|STORE|STORAGE|STRATEGY|STRENGTH|SUBJECT|SUBNETS?|SUFFIX|TEMPLATE|TEXT|TIMEOUT|TITLE|TTL|TYPE|URI|URL|USAGE|USER|USERNAME|VALIDATION|VALIDATOR|VALIDATORS|VERSION|VIEW|WINDOW|ZONE)$"),
    rule(Kind::Public, "limit", "names a limit or a switch", r"^(?:MAX|MIN|NUM|ENABLE|DISABLE|USE|REQUIRE|ALLOW|HAS|IS|SHOW|HIDE|SKIP|FORCE|NO|WITH|WITHOUT)_|_(?:MAX|MIN|ENABLE|DISABLE|REQUIRE|ALLOW)_|_(?:ENABLED|DISABLED|REQUIRED|ALLOWED|COUNT|LIMIT)$"),
    rule(Kind::Public, "working_directory", "names the working directory", r"^(?:OLD)?PWD$"),

    // Names that say secret.
    rule(Kind::Secret, "name_secret", "name contains SECRET", r"SECRET(?:[^A]|A[^R]|A?$)"),
    rule(Kind::Secret, "name_password", "name contains PASSWORD", r"PASSWORD|PASSWD|PASSPHRASE|PASSCODE|PASSWORT|CONTRASENA|MOT_DE_PASSE|WACHTWOORD|(?:^|_)(?:KENNWORT|SENHA)$"),
    rule(Kind::Secret, "name_credential", "name contains CREDENTIAL", r"CREDENTIAL|(?:^|_)CREDS?$"),
    rule(Kind::Secret, "name_private", "name contains PRIVATE", r"_PRIVATE(?:_|$)|^PRIVATE_?(?:KEY|PEM|JWK)|PRIVATEKEY|(?:^|_)PRIV_?KEY(?:_|$)"),
    rule(Kind::Secret, "name_key", "name ends in _KEY", r"(?:^|_)KEYS?(?:_?(?:BASE)?(?:64|B64|HEX|PEM|JSON|DATA|CONTENT|CONTENTS|VALUE))?$|(?:API|ACCESS|AUTH|ENCRYPTION|LICENSE|MASTER|SIGNING|SHARED|ACCOUNT|STORAGE|DEPLOY|WRITE|SSH)KEYS?$"),
    rule(Kind::Secret, "name_key_of", "name contains _KEY_", r"(?:^|_)(?:API|ACCESS|AUTH|ENCRYPTION|SIGNING|MASTER|DEPLOY|LICENSE|SSH)_?KEY_"),
    rule(Kind::Secret, "name_token", "name ends in _TOKEN", r"(?:^|_)TOKENS?(?:_(?:VALUE|JSON|BASE64|B64))?$|(?:ACCESS|API|AUTH|BEARER|BOT|REFRESH)TOKENS?$|(?:^|_)(?:ACCESS|API|AUTH|BEARER|BOT|REFRESH|DEPLOY)_?TOKEN_|(?:^|_)BEARER$"),
    rule(Kind::Secret, "name_jwt", "name is that of a token", r"(?:^|_)(?:PAT|JWT)$"),
    rule(Kind::Secret, "name_pass", "name ends in _PASS", r"(?:^|_)(?:PASS|PWD|PW|PSWD|PASWD)(?:_(?:BASE64|B64|HASH))?$|(?:ADMIN|BIND|CERT|DB|DBA|FTP|HTTP|KEY|LDAP|LOGIN|MAIL|MASTER|MYSQL|PFX|PG|ROOT|SA|SMTP|SQL|SSH|STORE|SUDO|SYS|TRUST|USER|VNC|WIFI)(?:PASS|PWD|PW|PASWD)$|(?:ADMIN|DATABASE|DB|MAIL|ROOT|SMTP|USER)_PASS_[A-Z0-9]+$"),
    rule(Kind::Secret, "name_dsn", "name ends in _DSN", r"(?:^|_)DSN$"),
    rule(Kind::Secret, "name_salt", "name ends in _SALT", r"(?:^|_)(?:SALTS?|PEPPER)$"),
    rule(Kind::Secret, "name_seed", "name contains SEED_PHRASE", r"(?:^|_)(?:MNEMONIC|MNEMONIC_PHRASE|SEED_PHRASE|SEED_WORDS|RECOVERY_PHRASE|RECOVERY_CODES?|BACKUP_CODES?|TOTP_SEED|OTP_SEED|MASTER_SEED|WALLET_SEED)$"),
    rule(Kind::Secret, "name_auth", "name ends in _AUTH", r"(?:^|_)(?:BASIC|HTTP|NEO4J|PROXY|REDIS|REGISTRY|NPM|DOCKER|ELASTIC|BASICAUTH)_?AUTH$|(?:^|_)(?:HTPASSWD|AUTHTOKEN|_AUTH|HTTPAUTH)$|(?:^|_)(?:BASIC_AUTH_USERS?|DOCKER_AUTH_CONFIG|DOCKERCONFIGJSON|DOCKER_CONFIG_JSON|PGPASS|NETRC|NPMRC)$"),
    rule(Kind::Secret, "name_shared_key", "name is that of a shared key", r"(?:^|_)(?:PSK|PRESHARED|PRE_SHARED|HMAC|TOTP|ERLANG_COOKIE|RELEASE_COOKIE|NODE_COOKIE|MAGIC_COOKIE|INVITE_CODE|ACCESS_CODE|AUTH_CODE|UNLOCK_CODE|ACTIVATION_CODE|PIN|PIN_CODE|PINCODE|PUK|CVV|CVC|SSN)$"),
    rule(Kind::Secret, "name_key_material", "name is that of a key file", r"(?:^|_)(?:KEYSTORE|TRUSTSTORE|JKS|P12|P8|PFX|PKCS12|PEM|PPK|ID_RSA|ID_ED25519|ID_ECDSA|SERVICE_ACCOUNT|SERVICEACCOUNT|SA_JSON|KUBECONFIG|KUBE_CONFIG|OVPN|WIREGUARD_CONF|GPG_KEY|RCLONE_CONFIG|AWS_CONFIG)(?:_(?:BASE64|B64|JSON|DATA|CONTENTS?|FILE_CONTENTS?|PEM|ENC|YAML))*$|(?:^|_)(?:PK|SK)$"),

    // Names whose values decide.
    rule(Kind::Hint, "name_hint_connection", "name is that of a connection string", r"CONNECTION_?STRING|(?:^|_)(?:CONN_?STR(?:ING)?|CONNSTR)$"),
    rule(Kind::Hint, "name_hint", "name may be that of a secret", r"(?:^|_)(?:AUTH|CRYPT|ENCRYPTION|DECRYPTION|CIPHER|COOKIE|CREDS?|HMAC|IV|KEYS?|KEYRING|LICEN[SC]E|LOGIN|MASTER|NONCE|OTP|PASS|PASSES|SAS|SEED|SESSION|SIGN|SIGNATURE|SIGNING|TOKENS?|APIKEYS?|WEBHOOK|WRITE|ACCESS_KEY_ID|SECRET_ID)(?:_|$)"),
];

/// The patterns of [`RULES`], compiled together.
static COMPILED: LazyLock<RegexSet> =
    LazyLock::new(|| compile(RULES.iter().map(|rule| rule.pattern)));

/// With one of these prefixes a build tool puts the value into what browsers load.
const BROWSER_PREFIXES: &[&str] = &[
    "EXPO_PUBLIC_",
    "GATSBY_",
    "NEXT_PUBLIC_",
    "NG_APP_",
    "NUXT_PUBLIC_",
    "PUBLIC_",
    "REACT_APP_",
    "SNOWPACK_PUBLIC_",
    "STORYBOOK_",
    "VITE_",
    "VUE_APP_",
];

/// Last words of names whose values may look random without being secret.
const RANDOM_BUT_PLAIN: &[&str] = &[
    "ADDRESS",
    "ADDR",
    "AMI",
    "ARN",
    "BUCKET",
    "BUILD",
    "CERT",
    "CERTIFICATE",
    "CERTS",
    "CHECKSUM",
    "COMMIT",
    "DIGEST",
    "ETAG",
    "FINGERPRINT",
    "FORMAT",
    "GUID",
    "HASH",
    "HOST",
    "HOSTNAME",
    "ID",
    "IDS",
    "IMAGE",
    "INTEGRITY",
    "MD5",
    "MODEL",
    "NAME",
    "PATH",
    "PATTERN",
    "REF",
    "REGEX",
    "RELEASE",
    "REVISION",
    "SHA",
    "SHA1",
    "SHA256",
    "SHA512",
    "SID",
    "SLUG",
    "TAG",
    "THUMBPRINT",
    "TXID",
    "URN",
    "USERAGENT",
    "AGENT",
    "UUID",
    "VERSION",
];

/// Last words that name an environment, a place or a variant, and say nothing about the value.
const SUFFIXES: &[&str] = &[
    "ALT",
    "BACKUP",
    "CI",
    "CURRENT",
    "DEFAULT",
    "DEV",
    "DEVELOPMENT",
    "EU",
    "LIVE",
    "LOCAL",
    "NEW",
    "NEXT",
    "OLD",
    "PREV",
    "PREVIOUS",
    "PRIMARY",
    "PROD",
    "PRODUCTION",
    "QA",
    "SANDBOX",
    "SECONDARY",
    "STAGE",
    "STAGING",
    "STG",
    "TEST",
    "TESTING",
    "UAT",
    "US",
];

/// What is known about a variable's name.
pub(super) struct Name {
    /// In upper case, with `_` between words.
    pub(super) upper: String,
    /// The value is built into what browsers load.
    pub(super) is_published: bool,
    /// The rule by which the name only seems to say secret.
    pub(super) public: Option<&'static str>,
    /// The rules by which the name says secret.
    secret: Vec<Evidence>,
    /// The rule by which the value has to decide.
    pub(super) hint: Option<Evidence>,
}

impl Name {
    pub(super) fn new(name: &str) -> Self {
        let upper = normalized(name);
        let matches = COMPILED.matches(upper.as_bytes());
        let rules: Vec<&Rule> = matches
            .iter()
            .filter_map(|index| RULES.get(index))
            .collect();
        let of = |kind| {
            let rules = rules.iter().filter(move |rule| rule.kind == kind);
            rules.map(|rule| rule.evidence)
        };
        Self {
            is_published: BROWSER_PREFIXES
                .iter()
                .any(|prefix| upper.starts_with(prefix)),
            public: of(Kind::Public).next().map(Evidence::id),
            secret: of(Kind::Secret).collect(),
            hint: of(Kind::Hint).next(),
            upper,
        }
    }

    /// Returns why the name says that the value is a secret.
    ///
    /// A key or token may be published to browsers. A secret or password that is built into a page
    /// is still one, and in danger.
    pub(super) fn evidence(&self) -> Option<Evidence> {
        let never_public = ["name_secret", "name_password", "name_private"];
        self.secret
            .iter()
            .find(|evidence| !self.is_published || never_public.contains(&evidence.id()))
            .filter(|_| self.public.is_none())
            .copied()
    }

    /// Reports whether a random value is expected that is not a secret.
    pub(super) fn explains_randomness(&self) -> bool {
        let last = self.upper.rsplit('_').next().unwrap_or_default();
        self.is_published || self.public.is_some() || RANDOM_BUT_PLAIN.contains(&last)
    }
}

/// Returns a name in upper case, with `_` between words (also those of camel case), and without
/// the suffixes that say nothing about the value (`_PROD`, `_2`).
fn normalized(name: &str) -> String {
    let mut upper = String::with_capacity(name.len() + 4);
    let mut last = '_';
    for c in name.chars() {
        match c {
            '-' | '.' | ' ' | ':' => upper.push('_'),
            _ => {
                if last.is_ascii_lowercase() && c.is_ascii_uppercase() {
                    upper.push('_');
                }
                upper.extend(c.to_uppercase());
            }
        }
        last = c;
    }
    while let Some((before, suffix)) = upper.rsplit_once('_') {
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let says_nothing =
            SUFFIXES.contains(&suffix) || is_number(suffix.strip_prefix('V').unwrap_or(suffix));
        if before.is_empty() || !says_nothing {
            break;
        }
        upper.truncate(before.len());
    }
    upper
}

#[cfg(test)]
pub(super) fn compiled_len() -> usize {
    COMPILED.len()
}
