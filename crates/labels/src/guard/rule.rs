//! The rules of the guard, each with its permanent id.

use serde::Serialize;

/// What a reason rests on. Ids are permanent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Rule {
    /// The event neither sets a label nor takes one off.
    NoLabelChange,
    /// The label is not the owner's: it starts nothing, and anybody with access may set it.
    FreeLabel,
    /// The owner may do anything with labels.
    Owner,
    /// An owner has put somebody in their place for such labels.
    Delegate,
    /// An agent carries out what the owner approved.
    ApprovedRequest,
    /// Labels of the owner are for the owner, or for an approved request.
    OwnerOnly,
    /// An agent needs an approval for a label of the owner.
    ApprovalMissing,
    /// The approval is for something else.
    ApprovalMismatch,
    /// The approval counts no longer.
    ApprovalExpired,
    /// Who approved is no owner.
    ApproverNotOwner,
    /// Only named agents carry out approved requests.
    NotAnExecutor,
    /// The account is gone, so nobody stands for the label.
    DeletedAccount,
    /// The event does not say who it was.
    UnknownSender,
    /// Who set the label has an owner's login and is another account.
    LookAlike,
    /// Labels of one family exclude each other.
    OneOfFamily,
    /// What holds work back is taken off by the owner only.
    ProtectedLabel,
    /// The guard did it itself.
    OwnEffect,
    /// Labels that came along from another repository were set under its rules.
    TransferredIn,
    /// The issue went to another repository, where other rules hold.
    TransferredOut,
    /// The text that a run was started for is another now.
    ChangedWhileActive,
}

impl Rule {
    /// The id in output.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::NoLabelChange => "no-label-change",
            Self::FreeLabel => "free-label",
            Self::Owner => "owner",
            Self::Delegate => "delegate",
            Self::ApprovedRequest => "approved-request",
            Self::OwnerOnly => "owner-only",
            Self::ApprovalMissing => "approval-missing",
            Self::ApprovalMismatch => "approval-mismatch",
            Self::ApprovalExpired => "approval-expired",
            Self::ApproverNotOwner => "approver-not-owner",
            Self::NotAnExecutor => "not-an-executor",
            Self::DeletedAccount => "deleted-account",
            Self::UnknownSender => "unknown-sender",
            Self::LookAlike => "look-alike",
            Self::OneOfFamily => "one-of-family",
            Self::ProtectedLabel => "protected-label",
            Self::OwnEffect => "own-effect",
            Self::TransferredIn => "transferred-in",
            Self::TransferredOut => "transferred-out",
            Self::ChangedWhileActive => "changed-while-active",
        }
    }
}
