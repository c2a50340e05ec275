"""Forms of the account management: what a person may hold together, and passwords that are for once."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import lockout
from accounts.models import Post, Unit, User
from accounts.people_rows import USERNAME, check_roles, split


class NewUserForm(BaseUserCreationForm):
    """An account with a password to hand over; its owner changes it at the first log-in."""

    class Meta:
        model = User
        fields = ("username", "name", "phone", "email")

    def clean_username(self) -> str:
        username = User.normalize_username(self.cleaned_data["username"]).lower()
        USERNAME(username)
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("这个账号已经有了。"), code="unique")
        return username

    def save(self, commit: bool = True) -> User:
        self.instance.must_change_password = True
        return super().save(commit)


class UserForm(UserChangeForm):
    """With a link to a new password in place of the old one."""

    class Meta:
        model = User
        fields = ("name", "phone", "email", "password")


class NewPasswordForm(AdminPasswordChangeForm):
    """A password to hand over; it also lifts the locks of whoever forgot the old one."""

    usable_password = None

    def save(self, commit: bool = True) -> User:
        self.user.must_change_password = True
        lockout.unlock(self.user.username)
        return super().save(commit)


class UnitForm(forms.ModelForm):
    aliases = forms.CharField(
        label=gettext_lazy("别名"),
        required=False,
        help_text=gettext_lazy("用、隔开"),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    class Meta:
        model = Unit
        fields = ("region", "name", "full_name", "aliases", "kind", "members", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["aliases"] = "、".join(self.instance.aliases)

    def clean_aliases(self) -> list[str]:
        return split(self.cleaned_data["aliases"])


class PostForm(forms.ModelForm):
    class Meta:
        model = Post
        fields = ("user", "unit", "role")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and {"user", "unit", "role"} <= cleaned.keys():
            held = Post.objects.current().filter(user=cleaned["user"]).values_list("unit", "role")
            if (cleaned["unit"].pk, cleaned["role"]) in held:
                raise ValidationError(_("已经在这个岗位上了。"))
            if wrong := check_roles({cleaned["role"], *(role for _unit, role in held)}):
                raise ValidationError(wrong)
        return cleaned
