"""Signing in by page with a session, by API with a token, and signing out."""

from django.contrib.auth import authenticate
from django.contrib.auth.views import LoginView, LogoutView
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from grids.services import issue_token
from incidents.worker_cookie import forget_worker, remember_worker


class SignInView(LoginView):
    template_name = "sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        remember_worker(response, self.request.user)
        return response


class SignOutView(LogoutView):
    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        forget_worker(response)
        return response


class CredentialsSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=50)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()


class TokenView(APIView):
    """A token for programs, sent as `Authorization: Token …`. Wrong passwords are counted as at the page."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_authenticate_header(self, request):
        # Without it REST framework answers 403 to a wrong password.
        return "Token"

    @extend_schema(request=CredentialsSerializer, responses=TokenSerializer)
    def post(self, request):
        given = CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        # The plain request, because the lock-out is noted on it.
        user = authenticate(request._request, **given.validated_data)
        if user is None:
            raise AuthenticationFailed
        return Response({"token": issue_token(user=user)})
