"""Who writes in WeChat, what they wrote and how far it is answered, and who opened the mini-program.

All of it is forgotten within two days.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "wechat_users",
        sa.Column("openid", sa.String(128), primary_key=True),
        sa.Column("wrote_at", sa.DateTime, nullable=False, index=True),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id", ondelete="SET NULL")),
        sa.Column("region", sa.String(64)),
    )
    op.create_table(
        "wechat_letters",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, index=True),
        sa.Column("openid", sa.String(128), nullable=False, index=True),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("parts", sa.Text),
        sa.Column("gone", sa.Integer, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False, index=True),
    )
    op.create_table(
        "wechat_logins",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("openid", sa.String(128), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
    )
