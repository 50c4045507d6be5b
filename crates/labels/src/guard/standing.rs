//! Who somebody is to the guard: from the number and the type of the account, the owner
//! list and the permission. How a login looks decides nothing.

use super::facts::{Facts, Permission};
use super::settings::{GHOST, GuardSettings, KnownAccount, Match};
use super::verdict::Who;
use crate::event::{Account, AccountKind, Event, Sender};

/// What the sender of an event is to the guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// An owner, and how that is known.
    Owner(Proof),
    /// A person without the owner's rights; the permission, where it would have decided.
    Person(Option<Permission>),
    /// Has the login of this owner and another number, or none.
    LookAlike { owner: KnownAccount, given: Option<u64> },
    /// An app, or an account that programs use.
    Agent { executor: Executor },
    /// What GitHub shows in the place of a deleted account.
    Deleted,
    /// The event leaves out who, or what, it was.
    NotGiven,
    /// Something that sets no labels of its own will: an organisation, a stand-in.
    Other(String),
}

/// Whether an agent may carry out approved requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Executor {
    /// It is named.
    Named,
    /// None is named, so any may.
    Unnamed,
    /// Others are named.
    No,
}

/// How an owner is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Named, by number.
    Id,
    /// Named, by login alone.
    Login,
    /// The repository belongs to the person, and no owner is named.
    Repository,
    /// No owner is named, and the person has the admin permission.
    Admin,
}

impl Standing {
    pub(super) fn of(event: &Event, settings: &GuardSettings, facts: &Facts) -> Self {
        let Sender::Account(account) = &event.sender else { return Self::NotGiven };
        if account.id == Some(GHOST.id) || account.login.as_deref() == Some(GHOST.login) {
            return Self::Deleted;
        }
        let kind = account.kind.as_ref();
        if account.login.is_none() && account.id.is_none() {
            return Self::NotGiven;
        }
        let named = |list: &[KnownAccount]| {
            list.iter().any(|known| matches!(known.compare(account), Match::ById | Match::ByLogin))
        };
        match kind {
            None => Self::NotGiven,
            Some(AccountKind::User) if !named(&settings.agents) => {
                Self::of_person(account, event, settings, facts)
            }
            Some(AccountKind::User | AccountKind::Bot) => Self::Agent {
                executor: match settings.executors.as_slice() {
                    [] => Executor::Unnamed,
                    list if named(list) => Executor::Named,
                    _ => Executor::No,
                },
            },
            Some(kind) => Self::Other(kind.as_str().to_owned()),
        }
    }

    fn of_person(
        account: &Account,
        event: &Event,
        settings: &GuardSettings,
        facts: &Facts,
    ) -> Self {
        let mut look_alike = None;
        for owner in &settings.owners {
            match owner.compare(account) {
                Match::ById => return Self::Owner(Proof::Id),
                Match::ByLogin => return Self::Owner(Proof::Login),
                Match::OnlyLooksLike(given) => {
                    look_alike = Some(Self::LookAlike { owner: owner.clone(), given });
                }
                Match::No => {}
            }
        }
        if let Some(look_alike) = look_alike {
            return look_alike;
        }
        if !settings.owners.is_empty() {
            return Self::Person(None);
        }
        if holder(event).is_some_and(|holder| holder.id.is_some() && holder.id == account.id) {
            return Self::Owner(Proof::Repository);
        }
        match facts.permission {
            Some(Permission::Admin) => Self::Owner(Proof::Admin),
            permission => Self::Person(permission),
        }
    }

    /// The word in output.
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Owner(_) => "owner",
            Self::Person(_) => "person",
            Self::LookAlike { .. } => "look-alike",
            Self::Agent { .. } => "agent",
            Self::Deleted => "deleted",
            Self::NotGiven => "not-given",
            Self::Other(_) => "other",
        }
    }
}

/// The person that the repository belongs to, if it is no organisation's.
fn holder(event: &Event) -> Option<&Account> {
    let owner = event.repository.as_ref()?.owner.as_ref()?;
    (owner.kind == Some(AccountKind::User)).then_some(owner)
}

/// The owners that may approve: those named, else the person that the repository belongs to.
pub(super) fn owners(event: &Event, settings: &GuardSettings) -> Vec<KnownAccount> {
    if !settings.owners.is_empty() {
        return settings.owners.clone();
    }
    let holder = holder(event)
        .and_then(|account| Some(KnownAccount { login: account.login.clone()?, id: account.id }));
    holder.into_iter().collect()
}

/// The login whose permission decides, if the event and the settings leave it to that.
/// Whoever asks GitHub puts the answer into [`Facts::permission`].
#[must_use]
pub fn permission_wanted<'e>(event: &'e Event, settings: &GuardSettings) -> Option<&'e str> {
    let none = Facts::at(chrono::DateTime::UNIX_EPOCH);
    let Standing::Person(None) = Standing::of(event, settings, &none) else { return None };
    match &event.sender {
        Sender::Account(account) if settings.owners.is_empty() => account.login.as_deref(),
        _ => None,
    }
}

/// Whether the guard itself caused the event. Of an account that is shared, as that of
/// the `GITHUB_TOKEN` is, this alone proves nothing.
pub(super) fn is_own(event: &Event, facts: &Facts) -> bool {
    match (&event.sender, &facts.own) {
        (Sender::Account(account), Some(own)) => {
            matches!(own.compare(account), Match::ById | Match::ByLogin)
        }
        _ => false,
    }
}

pub(super) fn who(event: &Event, standing: &Standing) -> Who {
    let (login, id, kind) = match &event.sender {
        Sender::NotGiven => (None, None, None),
        Sender::Account(account) => (account.login.clone(), account.id, account.kind.clone()),
    };
    Who { login, id, kind: kind.map(|kind| kind.as_str().to_owned()), standing: standing.as_str() }
}
